#!/usr/bin/env python3
"""Memory of `topograph embed` over growing inputs, and resuming after kill -9. Prints JSON lines.

  bench/stream_compare.py memory   pypi_summaries: static model on all rows, encoder on 2 000, 20 000 and 60 000
  bench/stream_compare.py memory --encoder SECONDS [MODEL]   an encoder (all-MiniLM-L6-v2) on all rows, ended after so many seconds: resident memory
                                 sampled twice a second, the most of every tenth of the run, rows whose blocks were finished
  bench/stream_compare.py resume   the static model killed half-way, resumed, bytes compared
"""
import filecmp
import gzip
import itertools
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
WORK = ROOT / "build/bench"
PROGRAM = pathlib.Path(os.environ.get("TOPOGRAPH", ROOT / "build/bin/topograph"))
PYPI = DATA / "pypi_summaries.csv.gz"


def start(texts, model, out, *options):
    return subprocess.Popen([PROGRAM, "embed", texts, "--text", "text", "--model", model, "-o", out, *options],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finish(process):
    """Peak bytes."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"embed ended with {process.returncode}")
    return usage.ru_maxrss * 1024


def head(rows):
    path = WORK / f"pypi_{rows}.csv"
    with gzip.open(PYPI, "rt", encoding="utf-8") as source, open(path, "w", encoding="utf-8") as target:
        target.writelines(itertools.islice(source, rows + 1))
    return path


def memory():
    for model, texts, rows in [("static", PYPI, 723519), *(("all-MiniLM-L6-v2", head(n), n) for n in (2000, 20000, 60000))]:
        begin = time.perf_counter()
        peak = finish(start(texts, model, WORK / "memory.npy"))
        print(json.dumps({"what": "memory of embed", "model": model, "rows": rows, "peak_mib": peak >> 20,
                          "seconds": round(time.perf_counter() - begin, 1), "file_mib": (WORK / "memory.npy").stat().st_size >> 20}), flush=True)


def resident(pid):
    """Bytes that a process has in memory now, and the part of them that is pages of files."""
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return [int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "RssFile")]


def is_running(process):
    """Without taking its exit status and use of memory away."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def memory_of_encoder(seconds, model="all-MiniLM-L6-v2"):
    out = WORK / "encoder.npy"
    blocks = pathlib.Path(f"{out}.partial")
    shutil.rmtree(blocks, ignore_errors=True)
    process, samples, begin = start(PYPI, model, out), [], time.perf_counter()
    while is_running(process) and time.perf_counter() - begin < seconds:
        samples.append(resident(process.pid))
        time.sleep(0.5)
    is_whole = not is_running(process)
    rows = 723519 if is_whole else 8192 * ((blocks / "finished").stat().st_size // 128)
    if not is_whole:
        process.send_signal(signal.SIGINT)
    _, _, usage = os.wait4(process.pid, 0)
    if not rows:
        raise SystemExit("no block was finished")
    parts = [samples[len(samples) * i // 10:len(samples) * (i + 1) // 10] for i in range(10)]
    print(json.dumps({"what": "memory of embed over time", "model": model, "rows": rows,
                      "seconds": round(time.perf_counter() - begin), "peak_mib": usage.ru_maxrss >> 10,
                      "peak_of_tenths_mib": [max(total for total, _ in part) >> 20 for part in parts if part],
                      "of_it_mapped_files_mib": max(mapped for _, mapped in samples) >> 20}), flush=True)
    shutil.rmtree(blocks, ignore_errors=True)


def resume():
    whole, cut = WORK / "whole.npy", WORK / "cut.npy"
    begin = time.perf_counter()
    finish(start(PYPI, "static", whole))
    seconds = time.perf_counter() - begin
    killed = start(PYPI, "static", cut)
    time.sleep(seconds / 2)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    kept = (WORK / "cut.npy.partial/finished").stat().st_size // 128
    begin = time.perf_counter()
    finish(start(PYPI, "static", cut, "--resume"))
    print(json.dumps({"what": "resume", "blocks_kept": kept, "whole_s": round(seconds, 2), "resumed_s": round(time.perf_counter() - begin, 2),
                      "same_bytes": filecmp.cmp(whole, cut, shallow=False), "left_behind": (WORK / "cut.npy.partial").exists()}), flush=True)


if __name__ == "__main__":
    WORK.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:] == ["memory"]:
        memory()
    elif sys.argv[1:3] == ["memory", "--encoder"] and len(sys.argv) in (4, 5):
        memory_of_encoder(float(sys.argv[3]), *sys.argv[4:])
    elif sys.argv[1:] == ["resume"]:
        resume()
    else:
        raise SystemExit(__doc__)
