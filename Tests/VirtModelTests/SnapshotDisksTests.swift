import Testing
import VirtCore
import VirtModel
import VirtXML

@Suite struct SnapshotDisksTests {
  /// A domain with a disk for each sort.
  private static func domain() throws -> DomainDefinition {
    let disks = [
      ("vda", "", "<source file='/a'/>"), ("vdb", "snapshot='no'", "<source file='/b'/>"),
      ("vdc", "snapshot='external'", "<source file='/c'/>"), ("vdd", "", "<source file='/d'/><readonly/>"),
      ("hdc", "device='cdrom'", ""),
    ].map { name, attributes, content in
      "<disk type='file' \(attributes)>\(content)<target dev='\(name)' bus='\(name == "hdc" ? "ide" : "virtio")'/></disk>"
    }
    let text =
      "<domain type='test'><name>d</name><memory>1</memory><os><type>hvm</type></os><devices>\(disks.joined())</devices></domain>"
    return try .read(try XMLReader.read(text, for: .domain), ModelContext(architecture: "x86_64"))
  }

  private typealias Disk = SnapshotDefinition.Disk

  private static func places(
    _ asked: [Disk], kept: SnapshotDefinition.Place, isUniform: Bool
  ) throws -> [String: String] {
    let disks = try SnapshotDefinition.disks(asked, of: try domain(), kept: kept, isUniform: isUniform)
    #expect(disks.map(\.name) == ["vda", "vdb", "vdc", "vdd", "hdc"])
    return Dictionary(uniqueKeysWithValues: disks.map { ($0.name, $0.place?.rawValue ?? "?") })
  }

  @Test func followsTheDomainWhereNothingIsAsked() throws {
    let rest = ["vdb": "no", "vdd": "no", "hdc": "no"]
    #expect(try Self.places([], kept: .internal, isUniform: false) == rest.merging(["vda": "internal", "vdc": "external"]) { $1 })
    // All that are kept are kept in one place.
    #expect(try Self.places([], kept: .internal, isUniform: true) == rest.merging(["vda": "internal", "vdc": "internal"]) { $1 })
    #expect(try Self.places([], kept: .external, isUniform: true) == rest.merging(["vda": "external", "vdc": "external"]) { $1 })
  }

  @Test func takesWhatIsAskedByNameOrFile() throws {
    let asked = [Disk(name: "vdb", place: .external), Disk(name: "/a", place: SnapshotDefinition.Place.none)]
    let places = try Self.places(asked, kept: .external, isUniform: true)
    #expect(places["vdb"] == "external" && places["vda"] == "no" && places["vdc"] == "external")
    // What a document leaves open stays as it would be.
    #expect(try Self.places([Disk(name: "vda", place: nil)], kept: .internal, isUniform: false)["vda"] == "internal")
  }

  @Test func refusesWhatContradicts() throws {
    // What the error names, in quotes.
    func refused(_ asked: [Disk], kept: SnapshotDefinition.Place = .internal, isUniform: Bool = true) -> String? {
      do {
        _ = try Self.places(asked, kept: kept, isUniform: isUniform)
        return nil
      } catch let error as VirtError {
        return error.code == .configUnsupported ? error.detail.split(separator: "'").last.map(String.init) : "\(error)"
      } catch { return "\(error)" }
    }
    #expect(refused([Disk(name: "sdz", place: nil)]) == "sdz")
    #expect(refused([Disk(name: "vda", place: nil), Disk(name: "/a", place: nil)]) == "/a")
    #expect(refused([Disk(name: "vda", place: .external)]) == "vda")
    #expect(refused([Disk(name: "vda", place: .external)], isUniform: false) == nil)
    #expect(refused([Disk(name: "vda", place: SnapshotDefinition.Place.none)]) == "vda")
    #expect(refused([Disk(name: "vda", place: SnapshotDefinition.Place.none)], kept: .external) == nil)
    var file = Disk(name: "vda", place: .internal)
    file.content = [.element(XMLElement("source", [XMLAttribute("file", "/new")]))]
    #expect(refused([file]) == "vda")
    file.place = .external
    #expect(refused([file], kept: .external) == nil)
  }
}
