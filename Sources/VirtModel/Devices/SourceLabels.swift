internal import VirtCore
internal import VirtXML

/// How what stands behind a device is labelled: elements `seclabel` in its source.
enum SourceLabels {
  /// Refuses two labels of one model, and a label where nothing is labelled.
  ///
  /// - Parameter source: The source, if there is one.
  static func check(_ source: XMLElement?) throws(VirtError) {
    guard let source, source.first("seclabel") != nil else { return }
    var models: [String] = []
    for label in source.elements where label.isNamed("seclabel") {
      if let model = label["model"] {
        guard !models.contains(model) else { throw label.wrong(.xmlDetail, "another one is for '\(model)'") }
        models.append(model)
      }
      guard !label.has("relabel", "no") || label.first("label") == nil else {
        throw label.wrong(.xmlError, "a <label> needs a 'relabel' that is not 'no'")
      }
    }
  }
}
