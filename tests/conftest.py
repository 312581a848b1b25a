"""What every test keeps to."""

import hypothesis

#: An example may take as long as it does: a slow machine is no wrong answer.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
