"""The operator's desk: send files of requests, watch them end, look after what was set aside. Not deployed."""
