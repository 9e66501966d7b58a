/// The numbers that keys have, one set for each convention.
package struct KeyCodes: Sendable {
  /// The convention's name.
  package let name: String
  /// The numbers that mean a key, upwards.
  private let ranges: [ClosedRange<UInt32>]

  /// Those of one of the API's sets; nil when there is no such set.
  package init?(_ set: UInt32) {
    guard let number = Int(exactly: set), Self.sets.indices.contains(number) else { return nil }
    (name, ranges) = Self.sets[number]
  }

  /// Whether a number means a key.
  package func has(_ code: UInt32) -> Bool { ranges.contains { $0.contains(code) } }

  private static let sets: [(String, [ClosedRange<UInt32>])] = [
    (
      "linux",
      read(
        "0-265 272-279 288-299 303-318 320-327 330-337 352-439 448-451 464-484 497-506 512-524")
    ),
    ("xt", scanCodes),
    ("atset1", scanCodes),
    (
      "atset2",
      read(
        "0-1 3-7 9-15 17-22 26-30 33-39 41-47 49-55 58-63 65-70 73-78 81-82 84-85 88-91 93 95 97-100 102-103 "
          + "105-109 112-127 131 57360-57362 57364-57365 57368 57375-57377 57379 57383-57384 57387 57391-57392 "
          + "57394 57396 57399-57400 57402-57403 57407-57408 57416 57418 57421 57424 57434 57438 57449 "
          + "57451-57452 57455-57458 57460-57461 57463 57465-57466 57469")
    ),
    (
      "atset3",
      read(
        "0 7-63 65-71 73-79 82 84-103 105-118 121-122 124-131 133-135 139-142 145 147-152 154-163")
    ),
    (
      "os_x",
      read(
        "0-51 53-65 67 69 71-76 78-107 109-111 113-126 255")
    ),
    (
      "xt_kbd",
      read(
        "0-95 99-109 111-121 123 125-126 257-268 270-272 274-297 299-310 312-351 355-365 367-377 379 381")
    ),
    (
      "usb",
      read(
        "0 4-48 50-119 121-125 133 135-140 144-148 182-183 224-251")
    ),
    (
      "win32",
      read(
        "0-2 4-6 8-9 13 17-22 26-29 32-42 44-57 65-93 95-135 144-145 160-161 163 165-180 186-192 219-222 226 "
          + "242 250-251")
    ),
    (
      "qnum",
      read(
        "0-95 99-109 111-121 123 125-126 129-140 142-144 146-169 171-182 184-223 227-237 239-249 251 253")
    ),
  ]

  private static let scanCodes = read(
    "0-95 99-109 111-121 123 125-126 57345-57356 57358-57360 57362-57385 57387-57398 57400-57439 "
      + "57443-57453 57455-57465 57467 57469")

  /// Ranges from numbers and pairs of numbers.
  private static func read(_ text: String) -> [ClosedRange<UInt32>] {
    text.split(separator: " ").compactMap { part in
      let ends = part.split(separator: "-").compactMap { UInt32($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return nil }
      return first...last
    }
  }
}
