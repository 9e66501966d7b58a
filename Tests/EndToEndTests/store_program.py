"""Changes a world with a store until somebody kills it, or says what is in one.

usage: store_program.py FILE change SEED     tells on its output what it is about to do, and what is done
       store_program.py FILE read            writes the states of all objects
"""
import json
import os
import random
import sys
import threading
import traceback

import libvirt
from store_objects import OBJECTS, read, way

THREADS = 4
libvirt.registerErrorHandler(lambda *a: None, None)


def say(*values):
    # One call: a line is there whole, or not at all, when this process ends.
    os.write(1, json.dumps(values).encode() + b"\n")


def change(connection, seed):
    states = read(connection)
    say("open", states)

    def work(thread):
        try:
            go_on(thread)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def go_on(thread):
        chance = random.Random(f"{seed} {thread}")
        while True:
            kind = chance.choice(OBJECTS)
            name = f"t{thread}-{chance.randrange(2)}"
            key = f"{kind.prefix} {name}"
            call, wanted = way(kind, connection, name, states.get(key), chance.getrandbits(64))
            say("wants", thread, key, wanted)
            try:
                call()
            except libvirt.libvirtError as error:
                say("failed", thread, key, str(error))
                os._exit(1)
            states[key] = wanted
            say("done", thread, key)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    file, mode = sys.argv[1:3]
    connection = libvirt.open(f"test://{file}")
    if mode == "read":
        print(json.dumps(read(connection)))
    else:
        change(connection, int(sys.argv[3]))


main()
