extension Decoding {
  static func grammar(_ element: Element) -> GrammarTopic {
    GrammarTopic(
      name: element.required("topic"), doc: element.doc,
      readings: element.all("reading").map {
        GrammarTopic.Reading(
          name: $0.required("name"), doc: $0.doc, base: $0["base"].flatMap { Int($0) } ?? 0,
          digits: $0["digits"].flatMap { Int($0) } ?? 0, least: $0.required("least"), most: $0.required("most"))
      },
      values: element.all("value-type").map {
        GrammarTopic.ValueType(name: $0.required("name"), doc: $0.doc, value: text($0))
      },
      types: element.all("type").map {
        GrammarTopic.ContentType(name: $0.required("name"), doc: $0.doc, content: content($0))
      },
      documents: element.all("document").map {
        GrammarTopic.Document(
          kind: $0.required("kind"), root: $0.required("root"), doc: $0.doc, type: $0["type"], hasTables: $0.flag("tables"),
          content: content($0))
      }, location: element.location)
  }

  private static func content(_ element: Element) -> DocumentContent {
    let value = text(element)
    return DocumentContent(
      selectors: words(element["by"]),
      value: value.choices.isEmpty && value.types.isEmpty && value.data.isEmpty ? nil : value,
      textVariants: words(element["text-in"]), isTextOptional: element.flag("text-optional"), isOrdered: element.flag("ordered"),
      isMixed: element.flag("mixed"), unknown: element["unknown"],
      parts: element.children.filter { !$0.flag("unlisted") }.compactMap(part), allParts: element.children.compactMap(part),
      location: element.location)
  }

  private static func part(_ element: Element) -> DocumentPart? {
    guard element.name == "attribute" || element.name == "element" else { return nil }
    let isAttribute = element.name == "attribute"
    let content = isAttribute || element["type"] != nil ? nil : content(element)
    return DocumentPart(
      name: element.required("name"), isAttribute: isAttribute, namespace: element["namespace"],
      frequency: element["often"].flatMap(DocumentPart.Frequency.init) ?? .once, variants: words(element["in"]),
      readVariants: words(element["read-in"] ?? element["in"]).filter { $0 != DocumentPart.everywhere },
      neededIn: words(element["needed-in"]), isNeeded: element.flag("needed"), group: element["one-of"],
      isLater: element.flag("later"), value: isAttribute ? text(element) : nil, type: element["type"],
      content: content, isAnything: element.flag("any"),
      isRead: content?.value != nil || element["read"] != TextValue.unread, missing: element["missing"],
      missingVariants: words(element["missing-in"] ?? element["needed-in"] ?? element["in"]).filter {
        $0 != DocumentPart.everywhere
      }, doubled: element["doubled"],
      location: element.location
    )
  }

  private static func text(_ element: Element) -> TextValue {
    TextValue(
      choices: words(element["choice"]), laterChoices: words(element["later-choice"]), types: words(element["value"]),
      data: element.all("value").map {
        TextValue.Data(
          name: $0.required("data"), pattern: $0["pattern"], least: $0["least"], most: $0["most"], longest: $0["longest"])
      }, reading: element["read"], readChoices: words(element["read-choice"]),
      unreadChoices: words(element["unread-choice"]), isEmptyRead: element.flag("read-empty"),
      refusal: element["refused"])
  }
}
