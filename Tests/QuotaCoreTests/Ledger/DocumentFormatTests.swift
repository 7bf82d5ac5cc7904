import QuotaCore
import Testing

@Suite("A document's format")
struct DocumentFormatTests {
  @Test(
    "is told by its first bytes",
    arguments: [
      ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], .png),
      (Array("GIF89a..".utf8), .gif), (Array("GIF87a".utf8), .gif), (Array("RIFF....WEBPVP8 ".utf8), .webp),
      (Array("%PDF-1.7\n".utf8), .pdf), (Array("\u{FEFF}\r\n%PDF-1.4".utf8), .pdf),
      (Array("BM".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40], .bmp),
      (Array("hello".utf8), nil), (Array("RIFF....WAVEfmt ".utf8), nil), (Array("BMW is a car maker".utf8), nil),
      (Array("PK\u{3}\u{4}".utf8), nil), ([], nil), ([0xFF, 0xD8], nil),
      ([UInt8](repeating: 0x20, count: 1_024) + Array("%PDF-1.4".utf8), nil),
    ] as [([UInt8], DocumentFormat?)])
  func heads(bytes: [UInt8], format: DocumentFormat?) {
    #expect(DocumentFormat(head: bytes) == format)
  }

  @Test(
    "is claimed by the end of a name",
    arguments: [
      ("a.pdf", .pdf), ("A.JPEG", .jpeg), ("a.b.png", .png), ("/x/y.webp", .webp), ("pdf", nil), ("a.txt", nil),
      ("a.", nil),
    ] as [(String, DocumentFormat?)])
  func names(name: String, format: DocumentFormat?) {
    #expect(DocumentFormat(name: name) == format)
  }
}
