import APIDescription
import BindingPlan
import CodePrinting

/// Writes the module of types that annotations of programs use: dicts with known keys, and callbacks.
struct PythonTypeEmitter {
  let names: PythonNames

  var file: GeneratedFile {
    var stub = PythonStub(names: names, module: "libvirt.types")
    for dictionary in PythonDictionaries(names: names).all { write(dictionary, to: &stub) }
    let callbacks = PythonCallbackTypes(values: PythonValues(names: names))
    for type in PythonCallbackEmitter(names: names).types {
      let definition = callbacks.definition(type)
      stub.use(definition)
      stub.body.line("\(callbacks.alias(type)) = \(definition)")
      if !type.doc.isEmpty { PythonProse.docstring([type.doc], to: &stub.body) }
    }
    stub.use("TypeVar")
    return stub.file(
      "\(PythonStubEmitter.folder)/libvirt/types.py", doc: "Types for annotations: dicts with known keys, and callbacks.",
      future: true, lead: ["", "_T = TypeVar(\"_T\")"])
  }

  private func write(_ dictionary: PythonDictionary, to stub: inout PythonStub) {
    stub.use("TypedDict")
    for entry in dictionary.entries { stub.use(entry.type) }
    let total = dictionary.isTotal ? "" : ", total=False"
    if dictionary.isClass {
      stub.type(dictionary.name, base: "TypedDict\(total)", doc: [dictionary.doc]) { stub in
        for entry in dictionary.entries { stub.variable(entry.key, entry.type, doc: entry.doc) }
      }
      return
    }
    let name = dictionary.name
    stub.body.block("\(name) = TypedDict(\"\(name)\", {", "}\(total))") { printer in
      for entry in dictionary.entries {
        if !entry.doc.isEmpty { printer.line("# \(entry.doc)") }
        printer.line("\"\(entry.key)\": \(entry.type),")
      }
    }
    PythonProse.docstring([dictionary.doc], to: &stub.body)
    stub.body.line()
  }
}
