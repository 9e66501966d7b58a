/// Turns elements into the typed description. The grammar has been checked before; what is missing all the same becomes empty
/// and is reported by the validator.
enum Decoding {
  static func topic(_ element: Element) -> Topic {
    Topic(
      header: element.required("header"), name: element.required("name"),
      module: element["module"] ?? element.required("header"), doc: element.doc,
      macros: element.all("macro").map(macro), enumerations: element.all("enum").map(enumeration),
      handles: element.all("handle").map(handle), structs: element.all("struct").map(structType),
      typedefs: element.all("typedef").map(typedef), variables: element.all("variable").map(variable),
      callbacks: element.all("callback").map(callback), functions: element.all("function").map(function),
      families: element.all("parameters").map(family), location: element.location)
  }

  static func macro(_ element: Element) -> Macro {
    Macro(
      name: element.required("name"), kind: Macro.Kind(rawValue: element.required("kind")) ?? .constant,
      since: element.required("since"), value: element["value"], string: element["string"],
      parameters: (element["params"] ?? "").split(separator: ",").map(String.init),
      replacement: element.first("replacement")?.text, doc: element.doc, location: element.location)
  }

  static func enumeration(_ element: Element) -> Enumeration {
    Enumeration(
      name: element.required("name"), since: element.required("since"), isFlags: element["kind"] == "flags",
      isAnonymous: element.flag("anonymous"),
      values: element.all("value").map { value in
        EnumerationValue(
          name: value.required("name"), value: Int(value.required("value")) ?? 0, since: value.required("since"),
          alias: value["alias"], isSentinel: value.flag("sentinel"), message: value["message"], swiftName: value["swift"],
          pythonName: value["python"], doc: value.doc, location: value.location)
      }, doc: element.doc, location: element.location)
  }

  static func handle(_ element: Element) -> HandleType {
    HandleType(
      name: element.required("name"), pointer: element.required("pointer"), tag: element.required("tag"),
      since: element.required("since"), classID: element.required("class"), parent: element.required("parent"),
      invalid: element.required("invalid"), errorDomain: element["error-domain"], hasUUID: element.flag("uuid"),
      hasID: element.flag("id"), strings: words(element["strings"]), number: element["number"],
      pythonParent: element["python-parent"], pythonAncestors: pairs(element["python-ancestors"]),
      pythonConstants: pairs(element["python-constants"]), doc: element.doc,
      location: element.location)
  }

  static func structType(_ element: Element) -> StructType {
    StructType(
      name: element.required("name"), tag: element.required("tag"), pointer: element["pointer"],
      since: element.required("since"), free: element["free"], isExtensible: element.flag("extensible"),
      pythonForm: element["python"].flatMap(StructType.PythonForm.init), pythonKeys: element["python-keys"],
      fields: element.children.compactMap(field), doc: element.doc, location: element.location)
  }

  static func field(_ element: Element) -> StructField? {
    guard element.name == "field" || element.name == "union" else { return nil }
    return StructField(
      name: element.required("name"), type: element["type"].map { CType($0) }, length: element["length"],
      ownership: element["ownership"].flatMap { .init(rawValue: $0) }, isNullable: element.flag("nullable"),
      countedBy: element["counted-by"], isBits: element["elements"] == "bits", isInPython: element["python"] != "no",
      pythonDivisor: element["python-divisor"].flatMap { Int($0) }, isPythonTruth: element.flag("python-truth"),
      members: element.children.compactMap(field), doc: element.doc, location: element.location)
  }

  static func typedef(_ element: Element) -> Typedef {
    Typedef(
      name: element.required("name"), type: CType(element.required("type")), since: element.required("since"),
      doc: element.doc, location: element.location)
  }

  static func variable(_ element: Element) -> Variable {
    Variable(
      name: element.required("name"), type: CType(element.required("type")), since: element.required("since"),
      node: element["node"], doc: element.doc, location: element.location)
  }

  static func callback(_ element: Element) -> Callback {
    Callback(
      name: element.required("name"), since: element.required("since"), scope: element.required("scope"),
      eventFamily: element["event-family"], events: element.all("event").map { $0.required("id") },
      pythonInvoker: element["python"],
      returns: CType(element.first("returns")?.required("type") ?? ""),
      parameters: element.all("parameter").map(parameter), doc: element.doc, location: element.location)
  }

  static func family(_ element: Element) -> ParameterFamily {
    ParameterFamily(
      name: element.required("name"), since: element.required("since"), isOpen: element.flag("open"),
      parameters: element.all("parameter").map {
        FamilyParameter(
          key: $0.required("key"), type: $0.required("type"), isWritable: $0["writable"].map { $0 == "yes" },
          isRepeated: $0.flag("repeated"), location: $0.location)
      }, location: element.location)
  }

  static func parameter(_ element: Element) -> Parameter {
    Parameter(
      name: element.required("name"), type: CType(element.required("type")),
      direction: element["direction"].flatMap(Parameter.Direction.init) ?? .in,
      nullability: element["nullable"].flatMap(Parameter.Nullability.init), role: element["role"],
      isOptional: element.flag("optional"), flags: element["flags"], enumeration: element["enum"],
      length: element["length"], fixedLength: element["fixed-length"], capacity: element["capacity"],
      sizedBy: element["sized-by"], isNullTerminated: element["terminator"] == "null", allocated: element["allocated"],
      free: element["free"], elementFree: element["element-free"], isTwoCall: element.flag("two-call"),
      neededWith: element["needed-with"], least: element["least"].flatMap { Int($0) }, most: element["most"],
      isLocalPath: element["path"] == "local",
      isSameConnection: element.flag("same-connection"), ownership: element["ownership"], family: element["family"],
      isBits: element["elements"] == "bits", location: element.location)
  }

  static func operations(_ element: Element) -> OperationGroup {
    let group = element.required("group")
    let table = element.required("table")
    let operations = element.all("operation").map { operation in
      Operation(
        name: operation.required("name"), id: Int(operation.required("id")) ?? 0,
        revision: Int(operation.required("revision")) ?? 0, group: group, table: table, function: operation["function"],
        parameters: operation.all("parameter").map(parameter), since: operation["since"],
        blocks: operation["blocks"] != "no", missing: operation["missing"] ?? "unsupported", wire: operation["wire"],
        access: operation.all("access").map(rule), filters: operation.all("filter").map(rule), doc: operation.doc,
        location: operation.location)
    }
    return OperationGroup(
      name: group, table: table, operations: operations.sorted { $0.id < $1.id }, location: element.location)
  }

  static func rule(_ element: Element) -> AccessRule {
    AccessRule(object: element.required("object"), permission: element.required("permission"), when: element["when"])
  }

  static func program(_ element: Element) -> WireProgram {
    WireProgram(
      name: element.required("program"), number: element.required("number"), version: Int(element.required("version")) ?? 0,
      procedures: element.all("procedure").map {
        WireProcedure(
          name: $0.required("name"), number: Int($0.required("number")) ?? 0, operation: $0["operation"],
          priority: $0["priority"] ?? "low", stream: $0["stream"], role: $0["role"], location: $0.location)
      }.sorted { $0.number < $1.number }, location: element.location)
  }

  static func library(_ element: Element) -> Library {
    Library(
      name: element.required("name"), soname: element.required("soname"), nodePrefix: element.required("node-prefix"),
      link: element.required("link"), pkgConfig: element.required("pkg-config"), isSibling: element.flag("sibling"),
      headers: element.all("header").map { $0.required("name") }, nodes: element.all("node").map { $0.required("version") },
      doc: element.doc, location: element.location)
  }

  /// `a=b c=d`.
  static func pairs(_ text: String?) -> [(name: String, value: String)] {
    words(text).compactMap { word in
      let parts = word.split(separator: "=").map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
  }

  static func words(_ text: String?) -> [String] { (text ?? "").split(separator: " ").map(String.init) }
}
