"""Fills the file system that a world's store is on, and gives space back.

usage: store_full_program.py WORLD     a world's file on a small file system, whose store is beside it
"""
import os
import shutil
import traceback

from store_prelude import domain, error, file, open_it, say, tell, upload

folder = os.path.dirname(file)
ballast = folder + "/ballast"


def left():
    return os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize


def in_child(body):
    """Runs it with nothing open; ends without closing anything."""
    child = os.fork()
    if not child:
        try:
            body()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def fill(c, prefix):
    """Makes domains, large and then small ones, until none can be kept; gives the names of those that are, and what failed."""
    kept, failed = [], {}
    for size in (20000, 10):
        while True:
            name = f"{prefix}{len(kept) + len(failed)}"
            failure = error(c.defineXML, domain(name, "", "x" * size))
            if failure:
                failed[name] = failure
                break
            kept.append(name)
    return kept, failed


def until_it_is_full():
    c = open_it()
    pool = c.storagePoolCreateXML("<pool type='dir'><name>p</name><target><path>/p</path></target></pool>")
    volume = pool.createXML("<volume><name>v</name><capacity>2000000</capacity><allocation>0</allocation></volume>")
    upload(c, volume, b"before")
    kept, failed = fill(c, "a")
    say("full", kept, failed, left())
    # What is written anew needs more space than the old one leaves; what goes needs none.
    say("others", error(c.lookupByName("a0").setMetadata, 0, "y" * 100000, None, None), error(upload, c, volume, b"x" * 500000))
    say("in memory", [c.lookupByName(name).name() for name in failed], len(c.listAllDomains()), volume.info()[2])


def found(label):
    c = open_it()
    volume = c.storagePoolLookupByName("p").storageVolLookupByName("v")
    stream = c.newStream()
    volume.download(stream, 0, 0)
    say(label, sorted(it.name() for it in c.listAllDomains()), stream.recv(6).decode(), volume.info()[2], os.listdir(folder + "/store"))


def until_there_is_room():
    c = open_it()
    kept, failed = fill(c, "b")
    volume = c.storagePoolLookupByName("p").storageVolLookupByName("v")
    say("full again", kept, failed, error(upload, c, volume, b"after!"))
    os.unlink(ballast)
    say("room", error(c.lookupByName("shared").setAutostart, 1), error(upload, c, volume, b"after!" * 20000))
    say("told", tell(c))


with open(ballast, "wb") as made:
    made.write(bytes(400000))
in_child(until_it_is_full)
in_child(lambda: found("after a kill"))
in_child(until_there_is_room)
in_child(lambda: say("told again", tell(open_it())))
# A store cannot begin where there is no room, and begins when there is.
shutil.rmtree(folder + "/store")
with open(ballast, "wb", buffering=0) as made:
    try:
        while made.write(bytes(4096)):
            pass
    except OSError:
        pass


def begin():
    say("begin", error(open_it), left())
    os.unlink(ballast)
    say("begun", error(open_it))


in_child(begin)
in_child(lambda: say("there", [it.name() for it in open_it().listAllDomains()]))
