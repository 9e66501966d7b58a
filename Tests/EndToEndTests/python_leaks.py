"""Makes the calls of upstream's own tests again and again, and says what that leaves allocated.

usage: python_leaks.py TESTS-FOLDER ROUNDS; fails when memory grows with the rounds.
"""
import ctypes
import gc
import io
import pathlib
import sys
import unittest


class Allocated(ctypes.Structure):
    """What mallinfo2() tells."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]


def allocated():
    """Bytes that C has allocated, and blocks that Python has."""
    gc.collect()
    function = ctypes.CDLL(None).mallinfo2
    function.restype = Allocated
    found = function()
    return found.uordblks + found.hblkhd, sys.getallocatedblocks()


def names(folder):
    """The tests without those that keep an event loop or read the sources."""
    return sorted(path.stem for path in pathlib.Path(folder).glob("test_*.py") if path.stem not in ("test_aio", "test_api_coverage"))


def one_round(modules):
    """Runs all tests; how many there were."""
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(name) for name in modules)
    return unittest.TextTestRunner(stream=io.StringIO()).run(suite).testsRun


def main():
    sys.path.insert(0, sys.argv[1])
    rounds = int(sys.argv[2])
    modules = names(sys.argv[1])
    tests = 0
    marks = []
    # Twice as many rounds after each mark: what is kept once shows in the first only, what leaks in both.
    for part in (max(2, rounds // 7), 2 * rounds // 7, 4 * rounds // 7):
        for _ in range(part):
            tests += one_round(modules)
        marks.append(allocated())
    growth = [(later[0] - earlier[0], later[1] - earlier[1]) for earlier, later in zip(marks, marks[1:])]
    print(f"{tests} tests in {rounds} rounds; grown by {growth} (bytes of C, blocks of Python)")
    last = 4 * rounds // 7
    # What malloc keeps for itself settles after some hundred rounds, at some pages; what a call leaves grows with the rounds.
    if growth[1][0] > 32768 + last or growth[1][1] > last // 2 + 50:
        sys.exit(f"the last {last} rounds grow by {growth[1]}")


if __name__ == "__main__":
    main()
