import FoundationEssentials

/// Writes the files, and the parts of pages, that follow from what the code declares. Run it in the project's directory.
@main
struct Generate {
  static func main() throws {
    for file in try GeneratedFiles(root: ".").all() where file.isStale {
      try Data(file.text.utf8).write(to: URL(filePath: file.path))
      print("wrote \(file.path)")
    }
  }
}
