extension String {
  /// Without slashes at its end, so that a path can be added.
  package var trimmingSlashes: Substring {
    var text = Substring(self)
    while text.last == "/" { text.removeLast() }
    return text
  }
}
