/// Checks what a grammar cannot say. Every problem is collected, none stops the search.
public struct Validator {
  let description: Description
  var diagnostics: [Diagnostic] = []
  var enumerations: Set<String> = []
  var enumerators: [String: Int] = [:]
  var handles: Set<String> = []
  var structs: Set<String> = []
  var callbacks: Set<String> = []
  var macros: Set<String> = []
  var functions: [String: Function] = [:]
  var operations: [String: Operation] = [:]
  var families: Set<String> = []
  var classes: Set<String> = []
  /// The handles by name, which are Python's classes; functions by the class and the name that Python has for them.
  var pythonClasses: Set<String> = []
  var pythonNames: [String: String] = [:]

  /// All problems of a description; empty when it is good.
  public static func check(_ description: Description) -> [Diagnostic] {
    var validator = Validator(description: description)
    validator.collect()
    validator.checkDeclarations()
    for function in description.functions { validator.check(function) }
    for callback in description.topics.flatMap(\.callbacks) { validator.check(callback) }
    validator.checkOperations()
    validator.checkWire()
    validator.checkDocuments()
    return validator.diagnostics
  }

  init(description: Description) { self.description = description }

  mutating func report(_ location: SourceLocation, _ message: String) {
    diagnostics.append(Diagnostic(location, message))
  }

  private mutating func collect() {
    var seen: [String: SourceLocation] = [:]
    func note(_ name: String, _ location: SourceLocation, _ diagnostics: inout [Diagnostic]) {
      if let first = seen[name] {
        diagnostics.append(Diagnostic(location, "'\(name)' is described a second time; first at \(first)"))
      } else {
        seen[name] = location
      }
    }
    for topic in description.topics {
      for macro in topic.macros { note(macro.name, macro.location, &diagnostics); macros.insert(macro.name) }
      for enumeration in topic.enumerations {
        note(enumeration.name, enumeration.location, &diagnostics)
        enumerations.insert(enumeration.name)
        for value in enumeration.values {
          note(value.name, value.location, &diagnostics)
          enumerators[value.name] = value.value
        }
      }
      for handle in topic.handles {
        note(handle.name, handle.location, &diagnostics)
        handles.insert(handle.pointer)
        pythonClasses.insert(handle.name)
        if !classes.insert(handle.classID).inserted { report(handle.location, "the class '\(handle.classID)' is used twice") }
      }
      for type in topic.structs { note(type.name, type.location, &diagnostics); structs.insert(type.name) }
      for callback in topic.callbacks { note(callback.name, callback.location, &diagnostics); callbacks.insert(callback.name) }
      for typedef in topic.typedefs { note(typedef.name, typedef.location, &diagnostics) }
      for variable in topic.variables { note(variable.name, variable.location, &diagnostics) }
      for family in topic.families {
        if !families.insert(family.name).inserted {
          report(family.location, "the parameter family '\(family.name)' is described twice")
        }
      }
      for function in topic.functions { note(function.name, function.location, &diagnostics); functions[function.name] = function }
    }
    for operation in description.operations {
      if let first = operations[operation.name] {
        report(operation.location, "the operation '\(operation.name)' is described a second time; first at \(first.location)")
      }
      operations[operation.name] = operation
    }
  }
}
