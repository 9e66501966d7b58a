package import VirtCore
package import VirtXML

/// A processor that was worked out: a model, and what differs from it.
package struct ProcessorSelection: Sendable {
  /// The model's name.
  package let model: String
  /// Who makes it, when all descriptions say so.
  package let vendor: String?
  /// Whether a hypervisor may take another model where it does not have this one.
  package let allowsOther: Bool
  /// Features beside those of the model.
  package let required: [String]
  /// Features of the model that are not there.
  package let disabled: [String]

  /// The richest processor that all of those described have.
  ///
  /// - Parameter migratable: Whether to leave out what cannot move to another host.
  package static func common(to descriptions: [ProcessorDescription], migratable: Bool) throws(VirtError) -> ProcessorSelection {
    guard let first = descriptions.first else { throw VirtError(.invalidArg, .cpu, "there are no processors") }
    let name = descriptions.allSatisfy { $0.model == first.model } ? first.model ?? "" : ""
    let architecture = first.architecture ?? "x86_64"
    switch ProcessorFamily(architecture: architecture) ?? .none {
    case .x86: return try x86(descriptions, name, migratable: migratable)
    case .power:
      guard let model = first.model, ProcessorFamily.power.modelNames.contains(model) else { throw first.unknownModel }
      guard model == name else { throw VirtError(.operationFailed, .cpu, "the processors have nothing in common") }
      return ProcessorSelection(model: model, vendor: nil, allowsOther: false, required: [], disabled: [])
    case .arm:
      guard let model = first.model else { throw first.unknownModel }
      return ProcessorSelection(model: model, vendor: nil, allowsOther: true, required: [], disabled: [])
    case .mainframe:
      throw VirtError(.noSupport, .cpu, "nobody knows what such processors have in common:", architecture)
    case .none: throw VirtError(.noSupport, .cpu, "processors are not known of the architecture", architecture)
    }
  }

  private static func x86(
    _ descriptions: [ProcessorDescription], _ name: String, migratable: Bool
  ) throws(VirtError) -> ProcessorSelection {
    var shared: ProcessorFeatures?
    var vendor: String?
    var allSay = true
    for (number, description) in descriptions.enumerated() {
      let features = try description.x86Features()
      guard let model = ProcessorModels.named(description.model ?? "") else { throw description.unknownModel }
      shared = shared?.intersection(features) ?? features
      if let said = description.vendor {
        guard ProcessorModels.vendors.contains(said) else {
          throw description.element.part("vendor", .operationFailed, "nobody makes processors named '\(said)'", .cpu)
        }
        guard number == 0 || model.vendor == nil || model.vendor == said else {
          throw description.element.part("vendor", .operationFailed, "the model '\(model.name)' is another vendor's", .cpu)
        }
      } else {
        allSay = false
      }
      // The first model alone does not decide who makes the processor.
      guard let made = description.vendor ?? (number == 0 ? nil : model.vendor) else { continue }
      guard vendor == nil || vendor == made else {
        throw VirtError(.operationFailed, .cpu, "the processors are of different vendors")
      }
      vendor = made
    }
    var features = shared ?? ProcessorFeatures()
    if migratable { features = features.subtracting(notMigratable) }
    return try nearest(to: features, name, vendor: vendor, says: allSay)
  }

  /// What cannot move to another host.
  private static let notMigratable = ProcessorFeatures(["invtsc", "xsaves"]) ?? ProcessorFeatures()

  /// The model that is described in the fewest words. A feature taken away counts more than one that is added, and the more, the
  /// more there are.
  package static func nearest(
    to features: ProcessorFeatures, _ name: String = "", vendor: String?, says: Bool
  ) throws(VirtError) -> ProcessorSelection {
    func cost(_ model: ProcessorModel) -> Int {
      let less = model.features.union(model.former).subtracting(features).count
      let pairs = (less + 1) / 2
      return features.subtracting(model.features).count + less + max(2 * pairs, 4 * (pairs - 1))
    }
    let candidates = ProcessorModels.all.reversed().filter { model in
      model.isForGuests && (vendor == nil || model.vendor == nil || model.vendor == vendor)
    }
    // The newest of those that are equally near.
    guard let best = candidates.min(by: { cost($0) < cost($1) }) else {
      throw VirtError(.internalError, .cpu, "there is no model of such a vendor:", vendor ?? "")
    }
    return ProcessorSelection(
      model: best.name, vendor: says ? vendor : nil, allowsOther: best.name != name,
      required: features.subtracting(best.features).sorted,
      disabled: best.features.subtracting(features).sorted + best.former.subtracting(features).sorted)
  }

  /// The document.
  ///
  /// - Parameter expanded: Whether the features of the model are listed, too.
  package func element(expanded: Bool) -> XMLElement {
    var features = required.map { ($0, "require") } + disabled.map { ($0, "disable") }
    if expanded, let known = ProcessorModels.named(model) {
      let given = Set(features.map(\.0))
      features += known.features.sorted.filter { !given.contains($0) }.map { ($0, "require") }
      features.sort { $0.0 < $1.0 }
    }
    var parts = [XMLElement("model", [XMLAttribute("fallback", allowsOther ? "allow" : "forbid")], [.text(model)])]
    if let vendor { parts.append(XMLElement("vendor", text: vendor)) }
    parts += features.map { XMLElement("feature", [XMLAttribute("policy", $0.1), XMLAttribute("name", $0.0)]) }
    return XMLElement("cpu", [XMLAttribute("mode", "custom"), XMLAttribute("match", "exact")], elements: parts)
  }
}

extension ProcessorDescription {
  fileprivate var unknownModel: VirtError {
    element.part("model", .internalError, "there is no such model of processors: '\(model ?? "")'", .cpu)
  }

  /// Features with one of some policies.
  private func features(_ policies: String...) throws(VirtError) -> ProcessorFeatures {
    var found = ProcessorFeatures()
    for feature in features where policies.contains(feature.policy) {
      guard found.insert(feature.name) else {
        let part = element.elements.first { $0.isNamed("feature") && $0["name"] == feature.name }
        throw (part ?? element).wrong(.internalError, "processors have no feature '\(feature.name)'", .cpu)
      }
    }
    return found
  }

  /// What an x86 processor has that is described so.
  package func x86Features() throws(VirtError) -> ProcessorFeatures {
    guard let known = ProcessorModels.named(model ?? "") else { throw unknownModel }
    return known.features.union(try features("require", "force", "optional")).subtracting(try features("disable", "forbid"))
  }

  /// How a host compares: it lacks something (`VIR_CPU_COMPARE_INCOMPATIBLE`), has exactly that, or more.
  package func compare(with host: ProcessorHost) throws(VirtError) -> (CPUCompareResult, StaticString) {
    if mode != "custom" { return (.identical, "") }
    if let architecture, ProcessorFamily(architecture: architecture) != .x86 { return (.incompatible, "another architecture") }
    guard let known = ProcessorModels.named(model ?? "") else { throw unknownModel }
    let wanted = try features("require"), unwanted = try features("forbid"), optional = try features("optional", "force")
    let left = try features("disable").union(unwanted)
    if let vendor, vendor != host.vendor { return (.incompatible, "another vendor") }
    guard unwanted.intersection(host.features) == ProcessorFeatures() else {
      return (.incompatible, "a feature that must not be there")
    }
    let needed = known.features.subtracting(left).subtracting(optional).union(wanted)
    guard host.features.isSuperset(of: needed) else { return (.incompatible, "a feature is missing") }
    guard host.features.subtracting(needed.union(optional)) == ProcessorFeatures() else {
      return match == "strict" ? (.incompatible, "more features than wanted") : (.superset, "")
    }
    return (.identical, "")
  }
}

/// The processor of a host.
package struct ProcessorHost: Sendable {
  /// The model it is nearest to.
  package let model: String
  /// Who made it.
  package let vendor: String
  /// What it has.
  package let features: ProcessorFeatures

  /// A processor of a model with some features more; nil when one of the names is not known.
  package init?(_ model: String, _ more: [String]) {
    guard let known = ProcessorModels.named(model), let vendor = known.vendor, let more = ProcessorFeatures(more) else {
      return nil
    }
    self.model = model
    self.vendor = vendor
    features = known.features.union(more)
  }
}
