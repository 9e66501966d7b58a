internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

/// Files that describe a world: `<node>` with the host's figures and objects.
enum WorldFile {
  /// The namespace of what a domain in such a file says about its present state.
  private static let namespace = "http://libvirt.org/schemas/domain/test/1.0"

  /// Somebody who may open the file's world.
  struct User {
    let name: String
    /// None when the name is enough.
    let password: String?
  }

  /// Reads a world from a file. What `admit` throws for the users whom it lists ends that; it is not called when there are none.
  static func read(_ path: String, admit: ([User]) throws(VirtError) -> Void) throws(VirtError) -> World {
    let root = try XMLReader.read(try bytes(path), of: path, for: .test)
    guard root.name == "node" else { throw VirtError(.xmlError, .xml, "the file's document is no <node> but a", root.name) }
    let users = root.elements.filter { $0.name == "auth" }.flatMap(\.elements).filter { $0.name == "user" }
    if !users.isEmpty { try admit(users.map { User(name: $0.text, password: $0["password"]) }) }
    let world = try World(try node(root), behaviour: try Behaviour(root))
    for element in root.elements where element.isNamed("domain") {
      try add(try included(element, beside: path), to: world)
    }
    try add(Network.self, "network", of: root, beside: path, to: world)
    try add(Interface.self, "interface", of: root, beside: path, to: world)
    for element in root.elements { try world.addOther(element) { (it) throws(VirtError) in try included(it, beside: path) } }
    try world.addPools(of: root) { (element) throws(VirtError) in try included(element, beside: path) }
    return world
  }

  /// Adds the objects of a kind, which are active.
  private static func add<Kind: ObjectKind>(
    _ kind: Kind.Type, _ name: StaticString, of root: XMLElement, beside path: String, to world: World
  ) throws(VirtError) {
    for element in root.elements where element.isNamed(name) {
      try world.add(kind, try Kind.read(try included(element, beside: path), world))
    }
  }

  /// The element itself, or what stands in the file that it names.
  private static func included(_ element: XMLElement, beside path: String) throws(VirtError) -> XMLElement {
    guard let file = element["file"] else { return element }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let place = file.hasPrefix("/") ? file : folder + file
    return try XMLReader.read(try bytes(place), of: place, for: .test)
  }

  private static func bytes(_ path: String) throws(VirtError) -> [UInt8] {
    do throws(VirtError) {
      return try File.read(path, "cannot read")
    } catch { throw VirtError(.xmlError, .test, "", error.detail) }
  }

  private static func node(_ root: XMLElement) throws(VirtError) -> Node {
    var node = Node()
    if let processor = root.first("cpu") {
      let places: [(String, any WritableKeyPath<Node, UInt32> & Sendable)] = [
        ("nodes", \.nodes), ("sockets", \.sockets), ("cores", \.cores), ("threads", \.threads), ("mhz", \.frequency),
      ]
      node.processors = 0
      for (name, place) in places {
        guard let text = processor.first(name)?.text else { continue }
        guard let number = UInt32(text) else { throw wrong(name, text) }
        node[keyPath: place] = number
      }
      let product = [node.nodes, node.sockets, node.cores, node.threads].reduce(UInt32(1)) {
        $0.multipliedReportingOverflow(by: $1).partialValue
      }
      node.processors = product
      if let text = processor.first("active")?.text {
        guard let number = UInt32(text) else { throw wrong("active", text) }
        node.processors = number
      }
      if let model = processor.first("model")?.text { node.model = model }
    }
    if let text = root.first("memory")?.text {
      guard let number = UInt64(text) else { throw wrong("memory", text) }
      node.memory = number
    }
    return node
  }

  private static func wrong(_ element: String, _ text: String) -> VirtError {
    VirtError(.xmlError, .test, "", "<\(element)> of the host holds no number: '\(text)'")
  }

  /// Adds a domain in the state that its document gives it.
  private static func add(_ element: XMLElement, to world: World) throws(VirtError) {
    let isOwn = { (below: XMLElement) in below.namespace(within: [element]) == namespace && below.name.contains(":") }
    let own = element.elements.filter(isOwn)
    let plain = element.filtered { !isOwn($0) }
    let definition = try DomainDefinition.read(plain, world.context)
    var record = DomainRecord(definition, isPersistent: true)
    var state = DomainState.running
    for element in own {
      switch element.localName {
      case "transient": record.isPersistent = false
      case "hasmanagedsave": record.hasManagedSave = true
      case "runstate":
        guard let number = Int32(element.text), (0...DomainState.pmsuspended.rawValue).contains(number) else {
          throw VirtError(.xmlError, .test, "there is no domain state", element.text)
        }
        state = DomainState(rawValue: number)
      case "domainsnapshot": try addSnapshot(element, to: &record, world.context)
      default: break
      }
    }
    if state == .shutoff, !record.isPersistent {
      throw VirtError(.xmlError, .test, "a transient domain cannot be off:", definition.name)
    }
    let made = record
    guard case .added(let object) = world.domains.place(definition, make: { DomainObject(made) }, change: { _, _ in .active })
    else {
      throw VirtError(.operationFailed, .domain, "the file has two domains named", definition.name)
    }
    guard state.isActive, let booted = DomainTransition.of(.start, in: .shutoff) else {
      return object.record.withLock { $0.state = state }
    }
    world.start(object, booted)
    object.record.withLock { record in
      record.state = state
      record.reason = 0
    }
  }

  private static func addSnapshot(
    _ element: XMLElement, to record: inout DomainRecord, _ context: ModelContext
  ) throws(VirtError) {
    let plain = element.renamed("domainsnapshot")
    let request = try SnapshotRequest.read(plain, context, isExisting: true)
    guard let name = request.name, let time = request.existing.creationTime, let state = request.existing.state else {
      throw VirtError(.xmlError, .domainSnapshot, "a snapshot in a file needs <name>, <creationTime> and <state>")
    }
    var definition = SnapshotDefinition(
      name: name, state: state, creationTime: time, memory: request.memory ?? (state == "shutoff" ? .none : .internal))
    definition.description = request.description
    definition.disks = request.disks
    definition.domain = request.existing.domain
    let parent = request.existing.parent.flatMap { record.snapshots.forest[$0] }
    guard let made = record.snapshots.forest.add(name, definition, below: parent) else {
      throw VirtError(.operationFailed, .domain, "the domain has a snapshot named", name)
    }
    if plain.first("active")?.text == "1" { record.snapshots.forest.makeCurrent(made) }
  }
}

extension XMLReader {
  /// Reads a document that a file holds; errors name the file.
  static func read(_ bytes: [UInt8], of path: String, for domain: ErrorDomain) throws(VirtError) -> XMLElement {
    do throws(VirtError) {
      let outcome = bytes.withUnsafeBufferPointer { bytes -> Result<XMLElement, VirtError> in
        do throws(VirtError) { return .success(try read(bytes, for: domain)) } catch { return .failure(error) }
      }
      return try outcome.get()
    } catch { throw VirtError(error.code, error.domain, "", "\(path): \(error.detail)") }
  }
}
