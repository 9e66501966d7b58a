extension Decoding {
  static func function(_ element: Element) -> Function {
    let receiver = element["receiver"]
    return Function(
      name: element.required("name"), since: element.required("since"), deprecated: element["deprecated"],
      receiver: receiver == "none" ? nil : receiver, blocks: element["blocks"] != "no", thread: element["thread"],
      abortedBy: element["aborted-by"], eventLoopPart: element["event-loop"],
      returns: returns(element.first("returns") ?? element), parameters: element.all("parameter").map(parameter),
      body: body(element), needs: element.first("hand-written")?["needs"].map { words($0) } ?? [],
      rules: element.children.compactMap(rule),
      isDeniedReadOnly: element.all("read-only").contains { $0["access"] == "denied" },
      access: element.all("access").map(rule), filters: element.all("filter").map(rule),
      python: element.first("python").map(python), doc: element.doc, inC: element.first("in-c")?.text ?? "",
      fails: element.first("fails")?.text ?? "", location: element.location)
  }

  private static func python(_ element: Element) -> PythonName {
    let arguments = element.all("argument").map { argument in
      let name = argument.required("name")
      return PythonArgument(
        name: name, parameter: argument["parameter"] ?? name, defaultValue: argument["default"],
        form: argument["form"].flatMap(PythonArgument.Form.init), with: argument["with"], location: argument.location)
    }
    return PythonName(
      className: element["class"], name: element["name"],
      arguments: arguments.isEmpty && element["arguments"] != "none" ? nil : arguments, binding: element["binding"],
      skipped: element["skip"],
      raises: element["raises"] != "no", ends: element.flag("ends"), results: element["results"].map { words($0) },
      form: element["form"].flatMap(PythonName.Form.init), whenGiven: element["when-given"], notEmpty: element["not-empty"],
      answer: element["answer"].flatMap { Int($0) },
      rooms: element.all("room").map { room in
        PythonRoom(
          parameter: room.required("parameter"),
          source: room["value"].map { .value($0) } ?? .function(room.required("function"), of: room["of"]),
          location: room.location)
      })
  }

  private static func returns(_ element: Element) -> Returns {
    Returns(
      type: CType(element["type"] ?? "void"), shape: element["shape"].flatMap(Returns.Shape.init) ?? .none,
      error: element["error"], isNullable: element.flag("nullable"), isOwned: element["ownership"] == "owned",
      free: element["free"], borrowedFrom: element["borrowed-from"], length: element["length"], location: element.location)
  }

  /// The tags that say what stands behind a function; a function has exactly one of them.
  static let bodyTags: Set<String> = [
    "operation", "accessor", "reference", "free", "lookup-uuid-string", "alias", "event", "typed-parameter", "free-struct",
    "hand-written",
  ]

  private static func body(_ element: Element) -> Body {
    guard let child = element.children.first(where: { bodyTags.contains($0.name) }) else {
      return .handWritten(reason: "")
    }
    switch child.name {
    case "operation":
      return .operation(
        name: child.required("name"), passes: child.all("pass").map { ($0.required("name"), $0.required("value")) })
    case "accessor": return .accessor(field: child.required("field"))
    case "reference": return .reference
    case "free": return .free
    case "lookup-uuid-string": return .lookupUUIDString(operation: child.required("operation"))
    case "alias": return .alias(function: child.required("function"))
    case "event":
      return .event(action: child.required("action"), family: child.required("family"), style: child.required("style"))
    case "typed-parameter": return .typedParameter(action: child.required("action"), kind: child.required("kind"))
    case "free-struct": return .freeStruct(name: child.required("struct"))
    default: return .handWritten(reason: child.required("reason"))
    }
  }

  private static func rule(_ element: Element) -> Rule? {
    switch element.name {
    case "read-only": return element["denies-flag"].map { .deniedFlag($0) }
    case "exclusive":
      let flags = words(element["flags"])
      return flags.count == 2 ? .exclusive(flags[0], flags[1]) : nil
    case "requires": return .requires(element.required("flag"), element.required("needs"))
    case "product":
      let names = words(element["parameters"])
      return names.count == 2 ? .product(names[0], names[1], most: element.required("most")) : nil
    case "feature": return .feature(element.required("name"))
    default: return nil
    }
  }
}
