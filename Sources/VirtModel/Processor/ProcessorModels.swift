/// A model of x86 processors.
package struct ProcessorModel: Sendable {
  /// Its name in documents.
  package let name: String
  /// Who makes it; nil for those that no single vendor makes.
  package let vendor: String?
  /// What it has.
  package let features: ProcessorFeatures
  /// What belonged to it once; a guest that must not have it says so.
  package let former: ProcessorFeatures
  /// Whether it is chosen to describe what a guest gets.
  package let isForGuests: Bool
}

/// The models of x86 processors that are known.
package enum ProcessorModels {
  /// Who makes processors.
  package static let vendors = ["Intel", "AMD", "Hygon"]

  /// All models, older ones first among those of a vendor.
  package static let all: [ProcessorModel] = {
    var known: [ProcessorModel] = []
    for line in "\(models)".split(separator: "\n") {
      var words = line.split(separator: " ")[...]
      guard words.count >= 3 else { continue }
      var name = words.removeFirst()
      let vendor = words.removeFirst(), base = words.removeFirst()
      let isForGuests = name.first != "!"
      if !isForGuests { name.removeFirst() }
      func features(behind mark: Character?) -> ProcessorFeatures {
        let marked = words.filter { word in mark.map { word.first == $0 } ?? (word.first != "-" && word.first != "~") }
        return ProcessorFeatures(marked.map { mark == nil ? $0 : $0.dropFirst() }) ?? ProcessorFeatures()
      }
      let inherited = known.first { $0.name == base }?.features ?? ProcessorFeatures()
      known.append(
        ProcessorModel(
          name: String(name), vendor: vendor == "-" ? nil : String(vendor),
          features: inherited.union(features(behind: nil)).subtracting(features(behind: "-")), former: features(behind: "~"),
          isForGuests: isForGuests))
    }
    return known
  }()

  /// The model of that name.
  package static func named(_ name: String) -> ProcessorModel? { all.first { $0.name == name } }
}
