# python:…-slim as far as our Dockerfile uses it: `python` and `pip`, of Debian
FROM debian-here
CMD ["python3"]
