#!/usr/bin/env python3
"""bench/run.py POSTHORN [LINES]: how fast and how small `posthorn explain` is.

Figures are CPU seconds of the whole process, start-up included, and ratios to sha256sum over the same input in the same run: the ratio holds
on a machine whose speed changes from minute to minute. Nothing here passes or fails by the clock.

 batch, recurring  LINES replies as logs have them: the same words again and again, with other addresses and IP addresses
 batch, unique     LINES replies, each with words that no other has: what the memory of recent texts cannot help
 start             one `posthorn explain`, median of 41
"""
import hashlib, json, os, random, resource, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def replies():
    rows = []
    for name, column in (("replies.tsv", 1), ("wordings.tsv", 2)):
        path = f"{ROOT}/tests/replies/{name}"
        if not os.path.exists(path):
            continue
        for line in open(path, encoding="utf-8"):
            fields = line.rstrip("\n").split("\t")
            if not line.startswith("#") and len(fields) > column and fields[0] not in ("code", "reason"):
                rows.append(fields[column])
    return rows


def write_lines(path, texts, count, unique):
    rng = random.Random(7)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(count):
            text = texts[i % len(texts)]
            text = text.replace("192.0.2.1", f"192.0.2.{rng.randrange(256)}").replace("nobody@example.com", f"user{i}@d{i % 997}.example")
            if unique:
                text += f" ref {i:x}q{rng.randrange(1 << 30):x}"
            out.write(json.dumps({"id": i, "text": text}, ensure_ascii=False) + "\n")


def run(argv, path):
    """CPU seconds, peak memory in MB and the hash of what it writes."""
    with open(path, "rb") as source:
        process = subprocess.Popen(argv, stdin=source, stdout=subprocess.PIPE)
        digest = hashlib.sha256()
        while chunk := process.stdout.read(1 << 20):
            digest.update(chunk)
        _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, digest.hexdigest()


def batch(posthorn, label, path, count):
    cpu, hashes, peak, yardstick = [], set(), 0, []
    for _ in range(3):
        yardstick.append(run(["sha256sum"], path)[0])
        seconds, memory, digest = run([posthorn, "explain", "--batch"], path)
        cpu.append(seconds)
        hashes.add(digest)
        peak = max(peak, memory)
    seconds = statistics.median(cpu)
    print(f"{label:18} {count / seconds:9.0f} replies per CPU-second  {peak:5.1f} MB peak  {seconds / statistics.median(yardstick):5.1f} x sha256sum"
          f"  {'same bytes each time' if len(hashes) == 1 else 'DIFFERENT BYTES'}")


def start(posthorn):
    wall, cpu = [], []
    for _ in range(41):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        subprocess.run([posthorn, "explain", "550 5.7.1 Relaying denied. IP name lookup failed"], stdout=subprocess.DEVNULL, check=False)
        wall.append(time.perf_counter() - begin)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    nothing = []
    for _ in range(41):
        begin = time.perf_counter()
        subprocess.run(["true"], check=False)
        nothing.append(time.perf_counter() - begin)
    print(f"start              {1000 * statistics.median(wall):.1f} ms, of which {1000 * statistics.median(nothing):.1f} ms are what starting /bin/true takes;"
          f" {1000 * statistics.median(cpu):.1f} ms CPU")


def main():
    posthorn = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    texts = replies()
    with tempfile.TemporaryDirectory() as folder:
        for label, unique in (("batch, recurring", False), ("batch, unique", True)):
            path = f"{folder}/lines"
            write_lines(path, texts, count, unique)
            batch(posthorn, label, path, count)
    start(posthorn)


main()
