package import VirtCore
package import VirtXML

/// A host, among its capabilities.
package struct HostDescription: Sendable {
  /// Its element.
  package let element: XMLElement

  /// Ways in which a host sleeps.
  package enum Sleep: String, Sendable, CaseIterable {
    /// In memory, on disk, or both.
    case memory = "suspend_mem"
    case disk = "suspend_disk"
    case hybrid = "suspend_hybrid"
  }

  /// How guests move to other hosts.
  package struct Migration: Sendable, Equatable {
    /// Whether they run while they move.
    package var isLive: Bool
    /// The schemes of addresses that they move to: `tcp`, `rdma`...
    package var transports: [String]

    /// Says how.
    package init(isLive: Bool, transports: [String]) {
      self.isLive = isLive
      self.transports = transports
    }
  }

  init(element: XMLElement) { self.element = element }

  /// Describes a host. What is nil, or an empty list, is not told.
  ///
  /// - Parameters:
  ///   - sleeps: How the host can be put to sleep.
  ///   - translatesAddresses: Whether devices reach memory by an IOMMU.
  package init(
    uuid: UUID? = nil, _ processor: HostProcessor, sleeps: [Sleep]? = nil, translatesAddresses: Bool? = nil,
    migration: Migration? = nil, cells: [HostCell] = [], caches: [CacheBank] = [], security: [SecurityModel] = []
  ) {
    var parts: [XMLElement] = []
    if let uuid { parts.append(XMLElement("uuid", text: "\(uuid)")) }
    parts.append(processor.element)
    if let sleeps { parts.append(XMLElement("power_management", elements: sleeps.map { XMLElement($0.rawValue) })) }
    if let translatesAddresses {
      parts.append(XMLElement("iommu", [XMLAttribute("support", translatesAddresses ? "yes" : "no")]))
    }
    if let migration {
      let transports = XMLElement("uri_transports", elements: migration.transports.map { XMLElement("uri_transport", text: $0) })
      parts.append(
        XMLElement(
          "migration_features",
          elements: (migration.isLive ? [XMLElement("live")] : []) + (migration.transports.isEmpty ? [] : [transports])))
    }
    if !cells.isEmpty {
      let list = XMLElement("cells", [XMLAttribute("num", "\(cells.count)")], elements: cells.map(\.element))
      parts.append(XMLElement("topology", elements: [list]))
    }
    if !caches.isEmpty { parts.append(XMLElement("cache", elements: caches.map(\.element))) }
    element = XMLElement("host", elements: parts + security.map(\.element))
  }

  /// The host's own UUID; nil where it tells none.
  package var uuid: UUID? { element.first("uuid").flatMap { UUID($0.text) } }
  /// Its processors.
  package var processor: HostProcessor { HostProcessor(element: element.first("cpu") ?? XMLElement("cpu")) }
  /// How it can be put to sleep; nil where it does not say.
  package var sleeps: [Sleep]? {
    element.first("power_management").map { known in Sleep.allCases.filter { known.first($0.rawValue) != nil } }
  }
  /// Whether devices reach memory by an IOMMU; nil where it does not say.
  package var translatesAddresses: Bool? { element.first("iommu")?["support"].map { $0 == "yes" } }
  /// How guests move to other hosts; nil when they do not.
  package var migration: Migration? {
    element.first("migration_features").map { known in
      Migration(
        isLive: known.first("live") != nil,
        transports: known.first("uri_transports")?.all("uri_transport").map(\.text) ?? [])
    }
  }
  /// Its cells of memory and processors.
  package var cells: [HostCell] {
    element.first("topology")?.first("cells")?.all("cell").map { HostCell(element: $0) } ?? []
  }
  /// Its caches that processors share.
  package var caches: [CacheBank] { element.first("cache")?.all("bank").map { CacheBank(element: $0) } ?? [] }
  /// How it keeps guests apart.
  package var security: [SecurityModel] { element.all("secmodel").map { SecurityModel(element: $0) } }

  /// Refuses what contradicts itself.
  func check() throws(VirtError) {
    if let uuid = element.first("uuid"), UUID(uuid.text) == nil { throw uuid.wrong(.xmlError, "this is no UUID: '\(uuid.text)'") }
    try HostProcessor(element: try element.needing("cpu")).check()
    if let topology = element.first("topology") {
      let list = try topology.needing("cells")
      try list.checkList(of: "cell")
      let known = Set(cells.map(\.id))
      for cell in cells { try cell.check(known) }
    }
    for cache in caches { try cache.check() }
    for model in element.all("secmodel") {
      _ = try model.needing("model")
      _ = try model.needing("doi")
    }
  }
}

/// The processors of a host, among its capabilities.
package struct HostProcessor: Sendable {
  /// Its element.
  package let element: XMLElement

  init(element: XMLElement) { self.element = element }

  /// Describes processors.
  ///
  /// - Parameters:
  ///   - traits: What guests of the same architecture may count on: `pae`, `nonpae`...
  ///   - features: Features beside those of the model.
  ///   - pageSizes: Sizes of memory pages, in KiB.
  package init(
    architecture: String, model: String? = nil, vendor: String? = nil, traits: [String] = [], features: [String] = [],
    pageSizes: [UInt64] = []
  ) {
    var parts = [XMLElement("arch", text: architecture)]
    if let model { parts.append(XMLElement("model", text: model)) }
    if let vendor { parts.append(XMLElement("vendor", text: vendor)) }
    if !traits.isEmpty { parts.append(XMLElement("features", elements: traits.map { XMLElement($0) })) }
    parts += features.map { XMLElement("feature", [XMLAttribute("name", $0)]) }
    parts += pageSizes.map { XMLElement("pages", [XMLAttribute("unit", "KiB"), XMLAttribute("size", "\($0)")]) }
    element = XMLElement("cpu", elements: parts)
  }

  /// The architecture.
  package var architecture: String { element.first("arch")?.text ?? "" }
  /// The model's name; nil where it is not known.
  package var model: String? { element.nonemptyText("model") }
  /// Who makes them.
  package var vendor: String? { element.nonemptyText("vendor") }
  /// Features beside those of the model.
  package var features: [String] { element.all("feature").compactMap { $0["name"] } }
  /// Sizes of memory pages, in KiB.
  package var pageSizes: [UInt64] { element.all("pages").compactMap { page in page["size"].flatMap { UInt64($0) } } }

  func check() throws(VirtError) {
    let name = try element.needing("arch")
    guard ProcessorFamily(architecture: name.text) != nil else {
      throw name.wrong(.xmlError, "there is no architecture '\(name.text)'")
    }
    for page in element.all("pages") {
      guard let size = try page.number("size", UInt64.self), size > 0 else { throw page.wrong(.xmlError, "pages need a 'size'") }
    }
  }
}

/// A way of keeping guests apart, among a host's capabilities.
package struct SecurityModel: Sendable {
  /// Its element.
  package let element: XMLElement

  init(element: XMLElement) { self.element = element }

  /// Describes one.
  ///
  /// - Parameter labels: The label that guests of a type of domain get.
  package init(_ name: String, domain: String, labels: [(domainType: String, label: String)] = []) {
    element = XMLElement(
      "secmodel",
      elements: [XMLElement("model", text: name), XMLElement("doi", [], [.text(domain)])]
        + labels.map { XMLElement("baselabel", [XMLAttribute("type", $0.domainType)], [.text($0.label)]) })
  }

  /// Its name: `selinux`, `dac`...
  package var name: String { element.first("model")?.text ?? "" }
  /// The domain of interpretation of its labels.
  package var domain: String { element.first("doi")?.text ?? "" }

  /// The label that guests of a type of domain get; nil for none.
  package func label(ofDomainType type: String) -> String? {
    element.all("baselabel").first { $0["type"] == type }?.text
  }
}
