/// A picture in levels of grey, written as PNG.
struct Picture {
  let width: Int
  let height: Int
  /// Row after row, one byte per point.
  var points: [UInt8]

  /// A screen that shows nothing but a frame and a slope of greys.
  static let screen: Picture = {
    var picture = Picture(width: 160, height: 100, points: [])
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let isFrame = row < 4 || column < 4 || row >= picture.height - 4 || column >= picture.width - 4
        picture.points.append(isFrame ? 255 : UInt8(truncatingIfNeeded: (row + column) / 2))
      }
    }
    return picture
  }()

  /// The file: header, one block of rows that is not compressed, end.
  var file: [UInt8] {
    var rows: [UInt8] = []
    for row in 0..<height { rows += [0] + points[row * width..<(row + 1) * width] }
    var header = Self.number(UInt32(truncatingIfNeeded: width)) + Self.number(UInt32(truncatingIfNeeded: height))
    header += [8, 0, 0, 0, 0]
    return [0x89] + Array("PNG\r\n\u{1a}\n".utf8) + Self.chunk("IHDR", header) + Self.chunk("IDAT", Self.stored(rows))
      + Self.chunk("IEND", [])
  }

  /// Bytes in the form of zlib, stored as they are.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let count = min(bytes.count - start, 0xffff)
      let length = UInt16(truncatingIfNeeded: count)
      result.append(start + count == bytes.count ? 1 : 0)
      for half in [length, ~length] { result += [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)] }
      result += bytes[start..<start + count]
      start += count
    } while start < bytes.count
    var sums: (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      sums.0 = (sums.0 + UInt32(byte)) % 65521
      sums.1 = (sums.1 + sums.0) % 65521
    }
    return result + number(sums.1 << 16 | sums.0)
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + content
    var sum = UInt32.max
    for byte in checked {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 != 0 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return number(UInt32(truncatingIfNeeded: content.count)) + checked + number(~sum)
  }

  /// Four bytes, the highest first.
  private static func number(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
