"""The whole stack as containers: `make compose-test`, apart from the other tests.

`python -m tests.compose` needs root on a Debian. It makes what no registry is at hand for, and puts a wall around it:

- `machine`: the machine's side. Debian packages that are missing, a root file system by debootstrap, locked packages.
- Then the tests run in namespaces of their own (mounts, network, processes), with an engine of their own: nothing that
  they start, mount, route or publish is seen outside, and all of it ends with them.
- `engine`: dockerd, the stand-ins for the public base images, and our images, built by the project's Dockerfile.
- `stack`: Docker Compose over the project's docker-compose.yml.
"""
