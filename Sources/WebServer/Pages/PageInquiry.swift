import FoundationEssentials
import Hummingbird
package import QuotaCore

extension PageRoutes {
  /// What a visitor asks for.
  package struct Inquiry: Sendable {
    /// Only these are shown; nil for all.
    package let organizations: Set<OrganizationID>?
    /// What stands in the path where its pattern has a name.
    package let path: [String: String]
    /// The parameters behind the `?`; the last of a name counts.
    package let query: [String: String]
    /// The path with the query.
    package let address: String
    /// What the visitor is called; nil for somebody on this machine, of whom nothing else is known.
    package let name: String?
    /// Whether they may act.
    package let mayAct: Bool
    /// Whether they have signed in on a page.
    package let isSignedIn: Bool
    /// Whether somebody could act here who signs in.
    package let offersSignIn: Bool
    /// What a form has to bear, so that no page but ours can have made it.
    package let formCode: String
    /// Why nothing was done that was asked for.
    package var problem: String?
    /// What is to be looked at before it is done, for pages that know how to show it.
    package var rehearsal: String?

    /// Whether an organization may be shown.
    package func shows(_ organization: OrganizationID) -> Bool { organizations?.contains(organization) ?? true }
  }

  /// The fields of a form.
  package struct Form: Sendable {
    /// The last of a name counts.
    package var texts: [String: String] = [:]
    /// All of a name that can stand there several times.
    package var lists: [String: [String]] = [:]
    /// The files that were sent along, by the names of their fields.
    package var files: [String: File] = [:]

    /// A file that was sent along.
    package struct File: Sendable {
      package let name: String
      package let bytes: [UInt8]

      package init(name: String, bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
    }

    /// A text that is not empty.
    package func text(_ name: String) -> String? { texts[name].flatMap { $0.isEmpty ? nil : $0 } }

    fileprivate mutating func add(_ name: String, _ value: String) {
      texts[name] = value
      lists[name, default: []].append(value)
    }
  }
}

extension PageRoutes.Inquiry {
  static func query(of request: Request) -> [String: String] {
    Dictionary(request.uri.queryParameters.map { (String($0), String($1)) }) { _, last in last }
  }

  /// - Parameter code: what a form of the visitor has to bear.
  init(_ request: Request, _ context: ServerContext, allowsActing: Bool = false, formCode code: String = "") {
    let visitor = context.visitor
    organizations = visitor?.organizations
    path = Dictionary(context.parameters.map { (String($0), String($1)) }) { _, last in last }
    query = Self.query(of: request)
    address = request.uri.description
    name = visitor?.name
    mayAct = visitor?.scopes.contains(.act) ?? false
    isSignedIn = visitor?.source == .session
    offersSignIn = allowsActing && visitor?.source == .machine && !mayAct
    formCode = code
  }
}

extension PageRoutes.Form {
  /// Reads `application/x-www-form-urlencoded` or `multipart/form-data`; nil for anything else.
  init?(_ bytes: [UInt8], type: String) {
    let media = MediaType(type)
    if let boundary = media.boundary {
      var reader = FormReader(boundary: boundary, keepsFiles: true)
      guard reader.add(bytes), let parts = reader.parts else { return nil }
      for part in parts {
        if let filename = part.filename {
          if !filename.isEmpty || !part.bytes.isEmpty { files[part.name] = File(name: filename, bytes: part.bytes) }
        } else if let text = part.text {
          add(part.name, text)
        }
      }
    } else if media.name == "application/x-www-form-urlencoded", let text = String(validating: bytes, as: UTF8.self) {
      for pair in text.split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        add(Self.decoded(parts[0]), parts.count == 2 ? Self.decoded(parts[1]) : "")
      }
    } else {
      return nil
    }
  }

  /// As browsers write the fields of a form: blanks as `+`, and bytes as `%` and two digits.
  private static func decoded(_ text: Substring) -> String {
    PercentEncoding.decoded(String(text.replacing("+", with: " ")))
  }
}
