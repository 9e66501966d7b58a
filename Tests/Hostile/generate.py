#!/usr/bin/python3
"""Writes, from the description, one C function per public function: it calls with the values that hostile.c chooses.

usage: generate.py API-XML-FOLDER OUTPUT-FOLDER
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

NUMBERS = {
    "int", "unsigned int", "unsigned", "long", "unsigned long", "long long", "unsigned long long", "size_t", "ssize_t", "uint32_t",
    "int32_t", "unsigned char", "double",
}
# Which document a function takes, by a part of its name; the first one that fits.
DOCUMENTS = {
    "NetworkPort": "PORT", "Network": "NETWORK", "StorageVol": "VOLUME", "StoragePool": "POOL", "NodeDevice": "NODE_DEVICE",
    "Secret": "SECRET", "NWFilterBinding": "BINDING", "NWFilter": "FILTER", "Interface": "INTERFACE", "Snapshot": "SNAPSHOT",
    "Checkpoint": "CHECKPOINT", "Backup": "BACKUP", "Device": "DEVICE", "CPU": "PROCESSOR",
}


def load(folder):
    """Public functions in the order of their names, the class of each handle type, the names of functions that free, and
    the fields of each struct that belong to whoever receives it."""
    functions, classes, ending, owned = {}, {}, {"free"}, {}
    for path in sorted(folder.rglob("*.xml")):
        root = ElementTree.parse(path).getroot()
        for function in root.iter("function"):
            if function.get("name", "").startswith("vir") and function.find("returns") is not None:
                functions[function.get("name")] = function
        for handle in root.iter("handle"):
            classes[handle.get("pointer")] = handle.get("class")
        for struct in root.iter("struct"):
            owned[struct.get("pointer")] = [
                field.get("name") for field in struct.iter("field") if field.get("ownership") == "owned" and field.get("type") == "char *"]
        for element in root.iter():
            ending |= {element.get("free"), element.get("element-free")}
    return [functions[name] for name in sorted(functions)], classes, ending, owned


def identifier(text):
    return re.sub(r"\W", "_", text).upper()


class Call:
    """One public function."""

    def __init__(self, function, classes, ending, owned):
        self.name = function.get("name")
        self.returns = function.find("returns")
        self.parameters = function.findall("parameter")
        self.classes = classes
        self.owned = owned
        self.by_name = {parameter.get("name"): index for index, parameter in enumerate(self.parameters)}
        self.has_operation = function.find("operation") is not None
        # What the function ends: the caller gives up what it passes.
        self.ends = self.name in ending or self.name.endswith("Free")

    def count(self, expression):
        """C expression of an array's length, from the values of other parameters."""
        factors = []
        for name in (expression or "").split("*"):
            index = self.by_name.get(name)
            if index is None:
                return "SOME"
            spelled = self.parameters[index].get("type")
            pointer = spelled.endswith("*")
            factors.append(f"behind(&v[{index}])" if pointer else f"(long long)({spelled})v[{index}].number")
        return " * ".join(factors)

    def is_length(self, parameter):
        name = parameter.get("name")
        return any(name in (other.get("length") or "").split("*") + (other.get("capacity") or "").split("*")
                   for other in self.parameters)

    def kind(self, parameter):
        """The kind of value and what goes with it, for hostile.c."""
        kind, role, name = parameter.get("type"), parameter.get("role"), parameter.get("name")
        if kind in self.classes:
            return "HANDLE", f"CLASS_{identifier(self.classes[kind])}"
        if role == "callback" or kind.endswith(("Func", "Callback")):
            return "CALLBACK", "1" if role == "free-callback" else "0"
        if role == "opaque":
            return "OPAQUE", "0"
        if role == "flags":
            return "FLAGS", "0"
        if kind == "const char *":
            return "TEXT", f"TEXT_{self.text(name)}"
        if kind in NUMBERS:
            if self.ends and self.is_length(parameter) or self.name.startswith("virTypedParamsAdd") and name != "value":
                return "HONEST", "SOME"
            # What only walks over the array believes its length: a huge one would be walked over.
            return ("LENGTH" if self.is_length(parameter) else "NUMBER"), "0" if self.has_operation else "1"
        if self.name.startswith("virTypedParamsAdd") and name in ("params", "nparams", "maxparams"):
            return "GROWING", "0"
        if kind == "int *" and (self.is_length(parameter) or role == "length") and parameter.get("direction") == "inout":
            return "LENGTH_BEHIND", "0"
        if kind in ("virTypedParameterPtr", "const virTypedParameter *"):
            return "PARAMETERS", "1" if self.ends or parameter.get("direction") == "out" else "0"
        if parameter.get("terminator") == "null" and parameter.get("direction") == "in":
            base = kind.rstrip("* ").removeprefix("const ")
            inner = kind[:-1].strip()
            if inner in self.classes:
                return "HANDLES", f"CLASS_{identifier(self.classes[inner])}"
            return ("TEXTS" if base == "char" else "EMPTY_LIST"), "0"
        if parameter.get("allocated") == "callee":
            return "SLOT", "0"
        if re.search(r"\*\s*\*$|\*\*\s*const$", kind) or kind in ("char ** const", "char **"):
            return ("ARRAY" if parameter.get("length") or parameter.get("capacity") else "SLOT"), "0"
        return "ARRAY", "1" if self.ends or parameter.get("ownership") == "taken" else "0"

    def text(self, name):
        lower = name.lower()
        if "xml" in lower:
            words = f"{self.name} {name}"
            return next((sort for part, sort in DOCUMENTS.items() if part in words), "DOMAIN") + "_XML"
        return next((word.upper() for word in ("uuid", "uri", "path", "name") if word in lower), "OTHER")

    def write(self):
        lines = []
        rows = []
        for index, parameter in enumerate(self.parameters):
            kind, detail = self.kind(parameter)
            rows.append(f'    {{"{parameter.get("name")}", KIND_{kind}, {detail}}},')
        arguments = []
        before = []
        after = []
        if self.name.endswith("Ref"):
            after.append(f"    if (!failed) give_up(&v[0], CLASS_{identifier(self.classes[self.parameters[0].get('type')])});")
        failed = self.failed()
        for index, parameter in enumerate(self.parameters):
            kind, _ = self.kind(parameter)
            spelled = parameter.get("type")
            if kind in ("NUMBER", "LENGTH", "FLAGS", "HONEST"):
                arguments.append(f"({spelled})v[{index}].number")
                continue
            arguments.append(f"({spelled})v[{index}].pointer")
            if kind in ("ARRAY", "PARAMETERS"):
                length = parameter.get("capacity") or parameter.get("length")
                fixed = {"uuid": "16", "uuid-string": "37"}.get(parameter.get("role"), parameter.get("fixed-length"))
                if length == "return" and parameter.get("capacity") is None:
                    length = None
                count = fixed or (self.count(length) if length else "1")
                element = spelled.replace("const", "").strip() if spelled.endswith("const") else spelled
                before.append(f"    fill(&v[{index}], SIZE_BEHIND({element}), {count});")
                free = parameter.get("element-free")
                if free and not self.ends:
                    after.append(f"    if (!failed) free_elements(&v[{index}], (long long)result, (release *)find(\"{free}\"));")
                if kind == "PARAMETERS" and parameter.get("direction") == "out":
                    moved = self.by_name.get((length or "").split("*")[0])
                    after.append(f"    free_parameters(&v[{index}], failed ? 0 : {'0' if moved is None else f'behind(&v[{moved}])'});")
                if parameter.get("length") == "return":
                    after += [
                        f"    for (long long i = 0; !failed && i < (long long)result && i < v[{index}].count; i++)"
                        f" free((({element})v[{index}].pointer)[i].{field});" for field in self.owned.get(element, [])]
            elif kind == "SLOT":
                after.append(self.free_slot(index, parameter))
            elif kind == "GROWING" and parameter.get("name") == "params":
                after.append(f"    free_growing(&v[{index}], &v[{index + 1}]);")
        name = self.name
        kind = self.returns.get("type")
        lines.append(f"static const struct parameter parameters_{name}[] = {{")
        lines += rows or ['    {"", KIND_NONE, 0},']
        lines.append("};")
        lines.append(f"static int call_{name}(struct value *v) {{")
        lines.append(f"    __typeof__(&{name}) function = (__typeof__(&{name}))find(\"{name}\");")
        lines.append("    int failed = 0;")
        lines.append("    (void)v, (void)failed;")
        lines.append("    if (!function) return ABSENT;")
        lines += before
        if kind == "void":
            lines.append(f"    function({', '.join(arguments)});")
        else:
            lines.append(f"    {kind} result = function({', '.join(arguments)});")
            lines.append(f"    failed = {failed};")
        lines.append("    note_error();")
        lines += [line for line in after if line]
        lines += self.free_result()
        if kind != "void":
            lines.append("    (void)result;")
        lines.append(f"    return {'failed' if self.returns.get('error') else 'NEUTRAL'};")
        lines.append("}")
        return "\n".join(lines)

    def failed(self):
        error = self.returns.get("error")
        if error is None:
            return "0"
        if error == "NULL":
            return "!result"
        return f"result == ({self.returns.get('type')}){error}"

    def free_slot(self, index, parameter):
        free, element = parameter.get("free"), parameter.get("element-free")
        if not free and not element:
            return ""
        length = parameter.get("length")
        if length is None or length.startswith("return"):
            count = "(long long)result" if self.returns.get("type") != "void" and length == "return" else "-1"
        else:
            other = self.by_name[length.split("*")[0]]
            count = f"behind(&v[{other}])"
        released = f'(release *)find("{element}")' if element else "0"
        if free == "virTypedParamsFree":
            return f"    if (!failed) free_slot_parameters(&v[{index}], {count});"
        return f'    if (!failed) free_slot(&v[{index}], {count}, {released}, "{free or "free"}");'

    def free_result(self):
        if self.returns.get("ownership") != "owned" or self.returns.get("type") == "void":
            return []
        free = self.returns.get("free")
        return [f'    if (result) ((release *)find("{free}"))((void *)result);']


def main():
    functions, *facts = load(pathlib.Path(sys.argv[1]))
    classes = facts[0]
    calls = [Call(function, *facts) for function in functions]
    names = "".join(f"    CLASS_{identifier(name)},\n" for name in dict.fromkeys(classes.values()))
    output = pathlib.Path(sys.argv[2])
    (output / "classes.h").write_text(
        f"/* Written by generate.py. */\nenum handle_class {{\n{names}    CLASSES\n}};\n"
        "extern const char *const class_names[CLASSES], *const class_handles[CLASSES];\n")
    with open(output / "calls.c", "w", encoding="utf-8") as file:
        print('/* Written by generate.py. */\n#include <stdlib.h>\n#include "hostile.h"', file=file)
        for table, words in (("names", classes.values()), ("handles", (pointer.removesuffix("Ptr") for pointer in classes))):
            spelled = ", ".join(f'"{word}"' for word in words)
            print(f"const char *const class_{table}[CLASSES] = {{{spelled}}};", file=file)
        for call in calls:
            print(call.write(), file=file)
        print("const struct call calls[] = {", file=file)
        for call in calls:
            nullable = bool(call.parameters) and call.parameters[0].get("nullable") == "yes"
            print(f'    {{"{call.name}", call_{call.name}, parameters_{call.name}, {len(call.parameters)}, {int(call.ends)}, {int(nullable)}}},', file=file)
        print("};\nconst int call_count = sizeof(calls) / sizeof(calls[0]);", file=file)


main()
