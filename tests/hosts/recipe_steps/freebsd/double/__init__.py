"""Programs of a Debian container that answer as FreeBSD's do. No code of FreeBSD is in here.

Where a behaviour was taken from stands at each program: `os_facts` sections with their marks ([R] seen running, [S]
read in the source, [D] documented, [M] memory), or a repository and a path in it.
"""
