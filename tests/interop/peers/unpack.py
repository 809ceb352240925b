# tests/interop/peers/unpack.py: Debian packages become a root that a program can be run in with chroot, and nothing is installed.
# The packages that this machine lacks are downloaded with apt-get; a library it has is copied from it. A root is made once and kept in
# build/peers (or POSTHORN_PEERS); each running peer gets a copy of hard links, so that peers of one kind can run beside each other.
import fcntl
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from posthorn_tool import ROOT

CACHE = Path(os.environ.get("POSTHORN_PEERS") or ROOT / "build/peers")
LAYOUT = 1  # counts up when what unpack() makes changes: older roots are made anew
DEVICES = {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9)}
# What a mail server never opens.
USELESS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/bug", "usr/share/info", "lib/systemd", "etc/init.d",
           "etc/cron.daily", "etc/apparmor.d", "etc/ufw")


class CannotUnpack(Exception):
    """There is no such peer on this machine; says why."""


def need(make_root, *arguments):
    """The root, or the test is skipped in a way that nobody overlooks."""
    try:
        return make_root(*arguments)
    except CannotUnpack as reason:
        print(f"\n*** SKIPPED: interop peer {arguments[0]}: {reason}\n", file=sys.stderr, flush=True)
        raise unittest.SkipTest(str(reason)) from None


def command(*words, **more):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=300,
                          check=False, **more)
    if done.returncode != 0:
        raise CannotUnpack(f"{' '.join(map(str, words))}: {done.stdout.decode(errors='replace').strip()[-400:]}")
    return done.stdout.decode(errors="replace")


def template(name, packages, users):
    """The root of the peer `name` with those packages; users are (name, id, home)."""
    if os.geteuid() != 0:
        raise CannotUnpack("peers run in a root of their own and under their own users, which takes root's rights")
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as lock:  # the tests run beside each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = CACHE / name
        stamp = root / "unpacked"
        wanted = f"{LAYOUT} {packages} {users}\n"
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(root, ignore_errors=True)
            _unpack(root, packages, users)
            stamp.write_text(wanted)
        return root


def instance(name, root):
    """A copy of the root for one running peer: the same files by hard links, its own folders."""
    run = CACHE / "run"
    run.mkdir(exist_ok=True)
    for old in run.iterdir():  # of tests that were killed; the number in the name is their process
        if not Path("/proc", old.name.split("-")[1]).exists():
            shutil.rmtree(old, ignore_errors=True)
    copy = Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=run))
    command("cp", "-al", f"{root}/.", copy)
    copy.chmod(0o755)
    return copy


def _unpack(root, packages, users):
    with tempfile.TemporaryDirectory(prefix="posthorn-peers-") as folder:
        for package in _download(packages, Path(folder)):
            # dpkg would make /lib a folder where this machine has a link.
            root.mkdir(exist_ok=True)
            command("dpkg", "-x", package, root)
    for useless in USELESS:
        shutil.rmtree(root / useless, ignore_errors=True)
    _merge_usr(root)
    _copy_libraries(root)
    for folder in ("dev", "etc", "proc", "run", "tmp", "var/empty", "var/log", "var/mail", "var/spool", "var/lib"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "var/run").symlink_to("../run")
    for device, (major, minor) in DEVICES.items():
        try:
            os.mknod(root / "dev" / device, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
            (root / "dev" / device).chmod(0o666)
            with open(root / "dev" / device, "rb"):
                pass
        except OSError as error:
            raise CannotUnpack(f"no devices can be made in {root}: {error}") from None
    everybody = (("root", 0, "/root"), ("nobody", 65534, "/nonexistent"), *users)
    (root / "etc/passwd").write_text("".join(f"{name}:x:{uid}:{uid}:{name}:{home}:/usr/sbin/nologin\n" for name, uid, home in everybody))
    (root / "etc/group").write_text("".join(f"{name}:x:{uid}:\n" for name, uid, _ in everybody) + "nogroup:x:65533:\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    (root / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n")
    (root / "etc/services").write_text("smtp 25/tcp\nlmtp 24/tcp\n")
    # Nobody answers there, and OpenSMTPD's own resolver keeps to the file.
    (root / "etc/resolv.conf").write_text("lookup file\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n")


def _download(packages, folder):
    if shutil.which("apt-get") is None:
        raise CannotUnpack("the peers come from Debian packages, and this machine has no apt-get")
    try:
        return _download_once(packages, folder)
    except CannotUnpack:
        command("apt-get", "update", "-qq")
        return _download_once(packages, folder)


def _download_once(packages, folder):
    # What an installation would bring, without doing it: the packages themselves and the libraries that this machine lacks. What apt has
    # in its cache already would not be listed.
    (folder / "partial").mkdir(exist_ok=True)
    listing = command("apt-get", "install", "-o", f"Dir::Cache::Archives={folder}", "--print-uris", "--no-install-recommends", "--reinstall", "-qq", "-y", *packages)
    names = re.findall(r"^'[^']+' (\S+?)_\S+\.deb ", listing, re.MULTILINE)
    missing = [package for package in packages if package not in names]
    if missing:
        raise CannotUnpack(f"apt-get does not know {' '.join(missing)}")
    # As root: apt's own user may not write into our folder.
    command("apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", *names, cwd=folder)
    return sorted(folder.glob("*.deb"))


def _merge_usr(root):
    """/bin, /lib and /sbin are links into /usr, as on every Debian since 12; old packages still ship the folders."""
    for name in ("bin", "sbin", "lib", "lib64"):
        top, inside = root / name, root / "usr" / name
        inside.mkdir(parents=True, exist_ok=True)
        if top.is_dir() and not top.is_symlink():
            command("cp", "-a", f"{top}/.", inside)
            shutil.rmtree(top)
        if not top.is_symlink():
            top.symlink_to(f"usr/{name}")


def _copy_libraries(root):
    """Every shared library that a program of the root needs and the root has not, from this machine."""
    folders = sorted({str(path.parent) for path in root.rglob("*.so*") if path.is_file()})
    programs = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    search = {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}
    for program in programs:
        listing = subprocess.run(["ldd", str(program)], capture_output=True, env=search, check=False).stdout.decode()
        for library in re.findall(r"^\s*(?:\S+ => )?(/\S+) \(0x", listing, re.MULTILINE):
            target = root / library.lstrip("/")
            if library.startswith(str(root)) or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(os.path.realpath(library), target)
        lost = re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE)
        # What only a plugin lacks is one of the package's recommendations, and we use no such plugin.
        for library in lost:
            if ".so" not in program.name and not any(root.rglob(library)):
                raise CannotUnpack(f"{program.relative_to(root)} needs {library}, which neither the packages nor this machine have")


def _is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"
