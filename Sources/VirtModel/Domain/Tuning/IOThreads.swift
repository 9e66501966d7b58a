internal import VirtCore
package import VirtXML

/// A domain's threads for disk work (`iothreads`, `iothreadids`).
package struct IOThreads: Sendable, Equatable {
  /// One thread.
  package struct Thread: Sendable, Equatable {
    /// Unique in the domain; not 0.
    package let id: UInt32
    /// How the document describes it.
    package var element: XMLElement

    /// How it polls: at most so many nanoseconds, adapted by factors; 0 leaves a factor to the hypervisor.
    package var polling: (most: UInt64, grow: UInt32, shrink: UInt32, weight: UInt32) {
      let poll = element.first("poll")
      return (
        poll?["max"].flatMap { UInt64($0) } ?? 32_768, poll?["grow"].flatMap { UInt32($0) } ?? 0,
        poll?["shrink"].flatMap { UInt32($0) } ?? 0, poll?["weight"].flatMap { UInt32($0) } ?? 0
      )
    }

    init(_ id: UInt32, _ element: XMLElement? = nil) {
      self.id = id
      self.element = element ?? XMLElement("iothread", [XMLAttribute("id", "\(id)")])
    }
  }

  /// More than this no document may ask for.
  static let limit: UInt32 = 1 << 16
  /// The threads, in the document's order.
  package private(set) var threads: [Thread] = []
  /// Whether the document names them.
  var areListed = false

  /// Reads the threads of a domain.
  package init(_ hardware: DomainHardware) {
    self.init(count: hardware.setting("iothreads", in: .placement), list: hardware.setting("iothreadids", in: .placement))
  }

  /// Reads them from their number and their list; numbers the list lacks are the lowest that are free.
  init(count: XMLElement?, list: XMLElement?) {
    let listed = list?.elements.filter { $0.isNamed("iothread") } ?? []
    areListed = !listed.isEmpty
    threads = listed.compactMap { element in element["id"].flatMap { UInt32($0) }.map { Thread($0, element) } }
    let count = Int(min(count.flatMap { UInt32($0.text) } ?? 0, Self.limit))
    let taken = Set(threads.map(\.id))
    var id: UInt32 = 0
    while threads.count < count {
      id += 1
      if !taken.contains(id) { threads.append(Thread(id)) }
    }
  }

  /// The place of a thread.
  package func index(_ id: UInt32) -> Int? { threads.firstIndex { $0.id == id } }

  /// Adds a thread behind the others.
  package mutating func add(_ id: UInt32) {
    threads.append(Thread(id))
    areListed = true
  }

  /// Takes a thread away.
  package mutating func remove(_ id: UInt32) { threads.removeAll { $0.id == id } }

  /// Describes a thread otherwise.
  package mutating func change(_ id: UInt32, _ change: (XMLElement) -> XMLElement) {
    guard let index = index(id) else { return }
    threads[index].element = DocumentGrammar.iothreadids["iothread"].arranged(change(threads[index].element))
    areListed = true
  }

  /// What is wrong with the helpers of a thread; nil when nothing is.
  package func contradiction(in id: UInt32) -> String? { index(id).flatMap { Self.contradiction(threads[$0].element) } }

  /// Refuses numbers of helpers that contradict each other, of a thread or of all that say none.
  static func checkHelpers(_ element: XMLElement) throws(VirtError) {
    if let contradiction = contradiction(element) { throw element.wrong(.configUnsupported, contradiction) }
  }

  /// Numbers that are not said count as -1.
  private static func contradiction(_ element: XMLElement) -> String? {
    let least = element["thread_pool_min"].flatMap { Int64($0) } ?? -1
    let most = element["thread_pool_max"].flatMap { Int64($0) } ?? -1
    if most == 0 { return "'thread_pool_max' is 1 or more" }
    return least > most ? "'thread_pool_min' of \(least) needs a 'thread_pool_max' that is not below it" : nil
  }

  /// The two elements that say it; nil for none.
  var elements: (count: XMLElement?, list: XMLElement?) {
    if threads.isEmpty { return (nil, nil) }
    let list = XMLElement("iothreadids", [], threads.map { .element($0.element) })
    return (XMLElement("iothreads", text: "\(threads.count)"), areListed ? list : nil)
  }

  /// The hardware with these threads.
  package func applied(to hardware: DomainHardware) -> DomainHardware {
    let (count, list) = elements
    return hardware.changing("iothreads", in: .placement, to: count).changing("iothreadids", in: .placement, to: list)
  }
}
