"""Measures the app beside what one would pick instead: `python -m bench [--only NAME] [--quick] [--render]`.

Each module of `rows` measures one row of docs/performance.md against Azurite and the Graph emulator, and `peers` holds
what the app is compared with. Every comparison runs in turn, A B A B, and quotes medians and ratios.
"""
