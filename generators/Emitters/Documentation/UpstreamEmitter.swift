import APIDescription
import BindingPlan
public import CodePrinting

/// Writes the description in the format that generators of other languages read: one file per library.
public enum UpstreamEmitter {
  /// The files, by library.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    plan.description.libraries.map { file($0, plan) }
  }

  private static func file(_ library: Library, _ plan: Plan) -> GeneratedFile {
    let headers = plan.description.headers.filter { library.headers.contains($0.name) }
    var printer = CodePrinter(.xml, banner: false)
    printer.lines("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", Language.xml.banner)
    printer.block("<api name='\(library.name)'>", "</api>") { printer in
      printer.block("<files>", "</files>") { printer in
        for header in headers { exports(header, &printer) }
      }
      printer.block("<symbols>", "</symbols>") { printer in
        symbols(headers, plan, &printer)
      }
    }
    return printer.file("bindings/c/Generated/\(library.name)-api.xml")
  }

  private static func exports(_ header: Header, _ printer: inout CodePrinter) {
    printer.block("<file name='\(header.name)'>", "</file>") { printer in
      if !header.doc.isEmpty { printer.line("<summary>\(header.doc.escapedForXML)</summary>") }
      for symbol in Symbols.all(header) { printer.line("<exports symbol='\(symbol.name)' type='\(symbol.kind)'/>") }
    }
  }

  private static func symbols(_ headers: [Header], _ plan: Plan, _ printer: inout CodePrinter) {
    let operations = Dictionary(
      plan.operations.compactMap { operation in operation.operation.function.map { ($0, operation.operation) } }
    ) { first, _ in first }
    let all = headers.flatMap { header in Symbols.all(header).map { (header, $0) } }
    for kinds in [["macro"], ["enum"], ["typedef", "struct"], ["variable"], ["function", "functype"]] {
      let mine = all.filter { kinds.contains($0.1.kind) }.sorted { $0.1.name < $1.1.name }
      for (header, symbol) in mine { symbol.write(header.name, operations, &printer) }
    }
  }
}

/// One symbol of the format.
struct Symbols {
  let kind: String
  let name: String
  /// Writes its element; gets the file's name.
  /// and the operations behind functions.
  let write: (_ file: String, _ operations: [String: Operation], _ printer: inout CodePrinter) -> Void

  /// Everything a header declares.
  static func all(_ header: Header) -> [Symbols] {
    var found: [Symbols] = []
    for topic in header.topics {
      found += topic.macros.map(macro)
      for enumeration in topic.enumerations {
        found += enumeration.values.map { value($0, of: enumeration) }
        if !enumeration.isAnonymous { found.append(typedef(enumeration.name, "enum", enumeration.since, enumeration.doc)) }
      }
      for handle in topic.handles {
        found.append(structure(handle.name, "struct \(handle.tag)", handle.since, [], handle.doc))
        found.append(typedef(handle.pointer, "\(handle.name) *", handle.since, "A pointer to \(handle.name)."))
      }
      for type in topic.structs {
        found.append(structure(type.name, "struct \(type.tag)", type.since, type.fields, type.doc))
        if let pointer = type.pointer { found.append(typedef(pointer, "\(type.name) *", type.since, "A pointer to \(type.name).")) }
      }
      found += topic.typedefs.map { typedef($0.name, $0.type.text, $0.since, $0.doc) }
      found += topic.variables.map(variable)
      found += topic.callbacks.map(callback)
      found += topic.functions.map { function($0, module: topic.module) }
    }
    return found
  }

  private static func open(
    _ kind: String, _ name: String, _ file: String, _ attributes: [(String, String?)], _ since: String
  ) -> String {
    let own = attributes.compactMap { key, value in value.map { " \(key)='\($0.escapedForXML)'" } }.joined()
    return "<\(kind) name='\(name)' file='\(file)'\(own) version='\(since)'"
  }

  /// Writes an element with an info text, or an empty one.
  private static func element(
    _ head: String, _ kind: String, _ info: String, _ printer: inout CodePrinter, _ body: (inout CodePrinter) -> Void = { _ in }
  ) {
    printer.block(head + ">", "</\(kind)>") { printer in
      if !info.isEmpty { printer.line("<info><![CDATA[\(info.replacing("]]>", with: "]]&gt;"))]]></info>") }
      body(&printer)
    }
  }

  private static func macro(_ macro: Macro) -> Symbols {
    Symbols(kind: "macro", name: macro.name) { file, _, printer in
      let isFunction = macro.kind == .function
      let head = open(
        "macro", macro.name, file,
        [
          ("params", isFunction ? macro.parameters.joined(separator: ",") : nil), ("string", macro.string),
          ("raw", isFunction || macro.string != nil ? nil : macro.value),
        ], macro.since)
      element(head, "macro", macro.doc, &printer) { printer in
        for name in isFunction ? macro.parameters : [] { printer.line("<arg name='\(name)' info=''/>") }
      }
    }
  }

  private static func value(_ value: EnumerationValue, of enumeration: Enumeration) -> Symbols {
    Symbols(kind: "enum", name: value.name) { file, _, printer in
      let isNumber = value.alias == nil
      let isBit = enumeration.isFlags && value.value > 0 && value.value & (value.value - 1) == 0
      let text = value.alias ?? "\(value.value)"
      printer.line(
        open(
          "enum", value.name, file,
          [
            ("value", text),
            ("value_hex", isNumber ? (value.value < 0 ? "-0x" : "0x") + String(value.value.magnitude, radix: 16) : nil),
            ("value_bitshift", isNumber && isBit ? "\(value.value.trailingZeroBitCount)" : nil),
            ("type", enumeration.isAnonymous ? nil : enumeration.name), ("info", value.doc.isEmpty ? nil : value.doc),
          ], value.since) + "/>")
    }
  }

  private static func typedef(_ name: String, _ type: String, _ since: String, _ doc: String) -> Symbols {
    Symbols(kind: "typedef", name: name) { file, _, printer in
      element(open("typedef", name, file, [("type", type)], since), "typedef", doc, &printer)
    }
  }

  private static func structure(_ name: String, _ type: String, _ since: String, _ fields: [StructField], _ doc: String) -> Symbols
  {
    Symbols(kind: "struct", name: name) { file, _, printer in
      element(open("struct", name, file, [("type", type)], since), "struct", doc, &printer) { printer in
        for field in fields { write(field, &printer) }
      }
    }
  }

  private static func write(_ field: StructField, _ printer: inout CodePrinter) {
    let info = field.doc.escapedForXML
    guard let type = field.type else {
      printer.block("<field name='\(field.name)' type='union' info='\(info)'>", "</field>") { printer in
        printer.block("<union>", "</union>") { printer in
          for member in field.members { write(member, &printer) }
        }
      }
      return
    }
    let text = field.length.map { "\(type.declaring(field.name))[\($0)]" } ?? type.text
    printer.line("<field name='\(field.name)' type='\(text.escapedForXML)' info='\(info)'/>")
  }

  private static func variable(_ variable: Variable) -> Symbols {
    Symbols(kind: "variable", name: variable.name) { file, _, printer in
      element(
        open("variable", variable.name, file, [("type", variable.type.text)], variable.since), "variable", variable.doc, &printer)
    }
  }

  private static func callback(_ callback: Callback) -> Symbols {
    Symbols(kind: "functype", name: callback.name) { file, _, printer in
      element(open("functype", callback.name, file, [("module", file)], callback.since), "functype", callback.doc, &printer) {
        printer in
        printer.line("<return type='\(callback.returns.text)' info=''/>")
        for parameter in callback.parameters { write(parameter, &printer) }
      }
    }
  }

  private static func function(_ function: Function, module: String) -> Symbols {
    Symbols(kind: "function", name: function.name) { file, operations, printer in
      let head = open("function", function.name, file, [("module", module)], function.since)
      var prose = FunctionProse.inC(function)
      let failures = FunctionProse.failures(function)
      if !failures.isEmpty { prose += (prose.isEmpty ? "" : " ") + failures }
      element(head, "function", prose, &printer) { printer in
        printer.line("<return type='\(function.returns.type.text)' info=''/>")
        for parameter in function.parameters { write(parameter, &printer) }
        let operation = operations[function.name]
        let access = operation?.access ?? function.access, filters = operation?.filters ?? function.filters
        if access.isEmpty, filters.isEmpty { return }
        printer.block("<acls>", "</acls>") { printer in
          for rule in access { printer.line("<check object='\(rule.object)' perm='\(rule.permission)'\(when(rule))/>") }
          for rule in filters { printer.line("<filter object='\(rule.object)' perm='\(rule.permission)'\(when(rule))/>") }
        }
      }
    }
  }

  private static func when(_ rule: AccessRule) -> String { rule.when.map { " flags='\($0)'" } ?? "" }

  private static func write(_ parameter: Parameter, _ printer: inout CodePrinter) {
    let info = ((parameter.isOptional ? "(optional) " : "") + FunctionProse.parameter(parameter)).escapedForXML
    printer.line("<arg name='\(parameter.name)' type='\(parameter.type.text.escapedForXML)' info='\(info)'/>")
  }
}
