#include "embed/hub/hub_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "topograph/core/digest.hpp"

namespace topograph::detail {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> strange(const std::string& what) {
  return model_error(ErrorCode::parse, "", what, "is the endpoint a Hugging Face hub?");
}

/// A path that stays inside the folder it is put in.
bool is_inside(std::string_view path) {
  if (path.empty() || path.size() > 1024) return false;
  const bool has_odd_bytes =
      std::ranges::any_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '\\'; });
  if (has_odd_bytes) return false;
  while (true) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool is_file_name(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.front() != '.' &&
         std::ranges::all_of(text, [](unsigned char c) {
           return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '_' || c == '.';
         });
}

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::optional<std::uint64_t> to_size(const std::string* text) {
  if (text == nullptr) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

Result<std::string> digest_of(std::ifstream& file, const std::string& path, Digest& digest) {
  std::array<char, 1 << 16> buffer{};
  while (file) {
    file.read(buffer.data(), buffer.size());
    digest.update({buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (file.bad()) return model_error(ErrorCode::io, path, "cannot read the file");
  return digest.hex();
}

}  // namespace

Result<HubListing> parse_hub_listing(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    return strange(fmt::format("expected a JSON object with the model's files, found '{}'",
                               body.substr(0, 60)));
  }
  HubListing listing;
  const auto commit = json.find("sha");
  if (commit == json.end() || !commit->is_string()) return strange("expected the key 'sha'");
  listing.commit = commit->get<std::string>();
  if (!is_file_name(listing.commit)) {
    return strange(fmt::format("expected a commit under 'sha', found {}",
                               commit->dump(-1, ' ', true, Json::error_handler_t::replace)));
  }
  const auto files = json.find("siblings");
  if (files == json.end() || !files->is_array()) return strange("expected the list 'siblings'");
  for (const Json& entry : *files) {
    const auto name = entry.is_object() ? entry.find("rfilename") : entry.end();
    if (!entry.is_object() || name == entry.end() || !name->is_string()) {
      return strange("expected 'rfilename' in every entry of 'siblings'");
    }
    auto path = name->get<std::string>();
    if (!is_inside(path)) {
      return strange(fmt::format("a file name leads outside the model's folder: {}",
                                 name->dump(-1, ' ', true, Json::error_handler_t::replace)));
    }
    listing.files.push_back(std::move(path));
  }
  return listing;
}

Result<HubFile> read_hub_file(const HttpResponse& response, std::string path) {
  HubFile file{.path = std::move(path)};
  const std::string* etag = response.header("x-linked-etag");
  const bool is_linked = etag != nullptr;
  if (!is_linked) etag = response.header("etag");
  if (etag == nullptr) return strange("expected the header ETag, found none");
  std::string_view text = *etag;
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (!is_file_name(text))
    return strange(fmt::format("expected a hash as ETag, found '{}'", *etag));
  file.etag = std::string(text);
  file.size = to_size(response.header("x-linked-size"));
  if (!file.size && !is_linked) file.size = to_size(response.header("content-length"));
  return file;
}

Result<bool> matches_etag(const std::string& path, std::string_view etag) {
  if (!is_hexadecimal(etag) || (etag.size() != 64 && etag.size() != 40)) return true;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return model_error(ErrorCode::io, path, "cannot read the file");
  const auto size = static_cast<std::uint64_t>(file.tellg());
  file.seekg(0);
  if (etag.size() == 64) {
    Sha256 digest;
    TG_TRY(const auto found, digest_of(file, path, digest));
    return found == etag;
  }
  // What git calls a blob: the content behind a header with its size.
  Sha1 digest;
  const std::string header = fmt::format("blob {}", size);
  digest.update({header.c_str(), header.size() + 1});
  TG_TRY(const auto found, digest_of(file, path, digest));
  return found == etag;
}

}  // namespace topograph::detail
