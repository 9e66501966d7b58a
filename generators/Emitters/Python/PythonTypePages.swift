import APIDescription
import BindingPlan
import CodePrinting

/// Writes the pages of what the classes' pages refer to: enumerations, dicts and callbacks.
struct PythonTypePages {
  let pages: PythonPages

  private var names: PythonNames { pages.names }

  var files: [GeneratedFile] { [enumerations, types] }

  private var enumerations: GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines(
      "# Enumerations", "", "Each is a type in `libvirt.enums`; its members have the values of the constants in `libvirt`, and",
      "arguments take both.")
    for enumeration in PythonEnumerations(names: names).all {
      printer.lines("", "## \(PythonEnumerations.name(enumeration))", "")
      if !enumeration.doc.isEmpty { printer.lines(PythonPages.marked(names.said(enumeration.doc)), "") }
      printer.lines("| constant | member | value |", "|---|---|---|")
      for member in PythonEnumerations.members(enumeration) {
        printer.line("| `\(member.value.name)` | `\(member.name)` | \(member.number) |")
      }
    }
    return printer.file("\(PythonPages.folder)/enumerations.md")
  }

  private var types: GeneratedFile {
    var printer = CodePrinter(.xml)
    printer.lines("# Types", "", "Types for annotations, in `libvirt.types`.")
    for dictionary in PythonDictionaries(names: names).all {
      printer.lines("", "## \(dictionary.name)", "", names.said(dictionary.doc), "")
      if !dictionary.isTotal { printer.lines("Any key may be missing.", "") }
      printer.lines("| key | type | |", "|---|---|---|")
      for entry in dictionary.entries {
        let type = PythonPages.cell("`\(entry.type)`")
        printer.line("| `\(entry.key)` | \(type) | \(PythonPages.cell(names.said(entry.doc))) |")
      }
    }
    let callbacks = PythonCallbackTypes(values: PythonValues(names: names))
    for type in PythonCallbackEmitter(names: names).types {
      printer.lines("", "## \(callbacks.alias(type))", "", names.said(type.doc), "", "```python")
      printer.lines("\(callbacks.alias(type)) = \(callbacks.definition(type))", "```")
    }
    return printer.file("\(PythonPages.folder)/types.md")
  }
}
