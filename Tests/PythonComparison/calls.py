"""The calls to compare: every function and method of the recorded surface, with values by what its arguments are."""
import random
import zlib

import values

# What no comparison can call.
LEFT_OUT = {
    "virEventRunDefaultImpl": "waits for what never comes",
}


class Method:
    """A function or a method of the surface, with what is known of its arguments."""

    def __init__(self, module, owner, name, parameters, known):
        self.module, self.owner, self.name = module, owner, name
        self.operation = known["operation"] if known else None
        self.binding = known["binding"] if known else None
        self.ends = known is not None and known["ends"]
        described = {argument["name"]: argument for argument in known["arguments"]} if known else {}
        self.arguments = []
        for parameter in parameters:
            parameter, _, default = parameter.partition("=")
            if parameter == "self":
                continue
            argument = dict(described.get(parameter, {"name": parameter, "kind": "any"}))
            argument["optional"] = bool(default)
            self.arguments.append(argument)

    @property
    def place(self):
        return f"{self.owner or self.module}.{self.name}"

    def base(self):
        """The values that fit best."""
        return [values.for_argument(argument)[0][0] for argument in self.arguments]

    def receivers(self):
        if not self.owner:
            return [self.module]
        name = values.OBJECTS[self.owner]
        return [name, f"closed_{name}", f"null_{name}", f"orphan_{name}"] + (["stopped"] if name == "domain" else [])

    def calls(self, number):
        """Expressions that call it; those that vary one value are chosen at random but always alike, `number` for each argument."""
        chosen = random.Random(zlib.crc32(self.place.encode()))
        base = self.base()
        receivers = self.receivers()

        def call(receiver, *arguments):
            return f"{receiver}.{self.name}({', '.join(arguments)})"

        needed = [value for value, argument in zip(base, self.arguments) if not argument["optional"]]
        for receiver in receivers:
            yield call(receiver, *base)
        yield call(receivers[0], *needed)
        yield call(receivers[0], *base, "1")
        yield call(receivers[0], *needed, "unknown=1")
        if self.arguments:
            yield call(receivers[0])
            yield call(receivers[0], *(f"{argument['name']}={value}" for argument, value in zip(self.arguments, base)))
            yield call(receivers[0], *base, f"{self.arguments[0]['name']}={base[0]}")
        for at, argument in enumerate(self.arguments):
            kinds = values.for_argument(argument)
            every = [*kinds[0], *kinds[1], *kinds[2]]
            if len(every) > number:
                every = [value for kind in kinds for value in chosen.sample(kind, min(len(kind), max(1, number // 3)))]
            for value in every:
                yield call(receivers[0], *base[:at], value, *base[at + 1:])
        if len(self.arguments) > 1:
            for _ in range(number):
                kinds = [values.for_argument(argument) for argument in self.arguments]
                yield call(receivers[0], *(chosen.choice(chosen.choice([k for k in kind if k])) for kind in kinds))


def methods(surface, kinds):
    """Everything of the surface that programs call."""
    known = {(line["module"], line["class"], line["name"]): line for line in kinds}
    for module, content in surface.items():
        if module == "libvirtaio":
            continue
        for name, parameters in content["functions"].items():
            if not name.startswith("_") and name not in LEFT_OUT:
                yield Method(module, None, name, parameters, known.get((module, None, name)))
        for owner, its in content["classes"].items():
            if owner not in values.OBJECTS:
                continue
            for name, parameters in its["methods"].items():
                if not name.startswith("_"):
                    yield Method(module, owner, name, parameters, known.get((module, owner, name)))


def constructors():
    """Objects made by hand, and what every object has."""
    for owner, name in values.OBJECTS.items():
        for arguments in ("", "None", "5", "connection", "domain", "connection, None", "None, None", f"connection, _obj={name}._o",
                          f"domain, _obj={name}._o", f"connection, _obj=5", f"_obj={name}._o", f"None, _obj={name}._o",
                          "connection, wrong=1", "connection, 1, 2"):
            yield f"libvirt.{owner}({arguments})"
        for attribute in ("_o", "_conn", "_dom", "_net", "_pool", "none", "__class__.__name__", "__class__.__mro__", "__class__.__module__"):
            yield f"{name}.{attribute}"
        yield f"closed_{name}._o"
        yield f"{name} == {name}"
        yield f"len({name})"
        yield f"hash({name}) == hash({name})"
        yield f"bool({name})"
        yield f"sorted({name}.__dict__)"
        yield f"setattr({name}, 'name', 5)"
        yield f"setattr({name}, 'mine', 5)"
        yield f"delattr({name}, 'mine')"
        yield f"copy.copy({name})"
        yield f"pickle.dumps({name})"
        yield f"isinstance({name}, libvirt.{owner})"
    for arguments in ("", "'text'", "None", "5", "'a', 'b'", "defmsg='x'"):
        yield f"libvirt.libvirtError({arguments})"
        yield f"str(libvirt.libvirtError({arguments}))"
        yield f"libvirt.libvirtError({arguments}).err"
        for accessor in ("code", "domain", "level", "message"):
            yield f"libvirt.libvirtError({arguments}).get_error_{accessor}()"


def c_calls(method, number):
    """The same function by its C name: it takes capsules, and all of its arguments."""
    if not method.binding or method.ends:  # what a capsule's object would give back again
        return
    base = [f"{value}._o" if argument["kind"] == "handle" else value for argument, value in zip(method.arguments, method.base())]
    function = f"{method.module.replace('libvirt', 'libvirtmod')}.{method.binding}"
    receivers = [receiver for receiver in method.receivers() if method.owner and not receiver.startswith(("orphan", "closed"))]
    for first in [[f"{receiver}._o"] for receiver in receivers] + [["5"], [receivers[0]]] if method.owner else [[]]:
        yield f"{function}({', '.join(first + base)})"
    first = [f"{receivers[0]}._o"] if method.owner else []
    yield f"{function}()"
    yield f"{function}({', '.join(first + base + ['1'])})"
    chosen = random.Random(zlib.crc32(function.encode()))
    for at, argument in enumerate(method.arguments):
        if argument["kind"] in ("handle", "handles"):
            continue
        every = [value for kind in values.for_argument(argument) for value in kind]
        for value in chosen.sample(every, min(len(every), number)):
            yield f"{function}({', '.join(first + base[:at] + [value] + base[at + 1:])})"
