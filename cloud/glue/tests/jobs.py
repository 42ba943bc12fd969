"""Runs the job once for every line of standard input, in one Spark session: {"arguments": [...]} a line."""

import contextlib
import io
import json
import sys

import job


def run(arguments: list[str]) -> dict:
    """Runs the job as its command line would."""
    sys.argv = ["job.py", *arguments]
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        code = job.main()
    return {"code": code, "outcomes": [json.loads(line) for line in log.getvalue().splitlines()]}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line)["arguments"])), flush=True)
