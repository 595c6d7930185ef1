#include "tokenize/json_components.hpp"

namespace topograph::detail {
namespace {

constexpr std::string_view known_post_processors =
    "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence";

Result<std::int32_t> read_special_id(const JsonField& field, std::int64_t id_limit) {
  TG_TRY(const std::int64_t id, field.integer());
  if (id >= 0 && id < id_limit) return static_cast<std::int32_t>(id);
  return field.error(ErrorCode::parse,
                     fmt::format("token id {} is outside of the vocabulary of {}", id, id_limit));
}

Result<void> append_special(const JsonField& special_tokens, const std::string& name,
                            std::int64_t id_limit, std::vector<std::int32_t>& out) {
  const JsonField special = special_tokens[name.c_str()];
  if (special.is_null()) {
    return special_tokens.error(ErrorCode::parse,
                                fmt::format("the template's token \"{}\" is not listed", name));
  }
  const JsonField ids = special["ids"];
  TG_TRY(const std::size_t n, ids.n_elements());
  for (std::size_t i = 0; i < n; ++i) {
    TG_TRY(const std::int32_t id, read_special_id(ids.at(i), id_limit));
    out.push_back(id);
  }
  return {};
}

/// Puts special tokens around what earlier steps have made.
void wrap(const std::vector<std::int32_t>& before, const std::vector<std::int32_t>& after,
          PostProcessor& out) {
  out.before.insert(out.before.begin(), before.begin(), before.end());
  out.after.insert(out.after.end(), after.begin(), after.end());
}

Result<void> read_template(const JsonField& field, std::int64_t id_limit, PostProcessor& out) {
  std::vector<std::int32_t> before;
  std::vector<std::int32_t> after;
  bool has_text = false;
  const JsonField pieces = field["single"];
  TG_TRY(const std::size_t n, pieces.n_elements());
  for (std::size_t i = 0; i < n; ++i) {
    const JsonField piece = pieces.at(i);
    if (!piece["SpecialToken"].is_null()) {
      TG_TRY(const std::string name, piece["SpecialToken"]["id"].text());
      TG_TRY(append_special(field["special_tokens"], name, id_limit, has_text ? after : before));
      continue;
    }
    if (piece["Sequence"]["id"].value() != "A" || has_text) {
      return piece.error(ErrorCode::unsupported,
                         "a template for one text must hold sequence A exactly once");
    }
    has_text = true;
  }
  if (!has_text) return pieces.error(ErrorCode::parse, "the template does not hold the text");
  wrap(before, after, out);
  return {};
}

Result<void> read_trim(const JsonField& field, PostProcessor& out) {
  TG_TRY(const bool trims, field["trim_offsets"].boolean(true));
  TG_TRY(const bool add_prefix_space, field["add_prefix_space"].boolean(true));
  if (trims) out.trims.push_back({add_prefix_space, out.before.size()});
  return {};
}

Result<void> read_cls_sep(const JsonField& field, std::int64_t id_limit, PostProcessor& out) {
  std::vector<std::int32_t> ids;
  for (const char* name : {"cls", "sep"}) {
    const JsonField pair = field[name];
    TG_TRY(const std::size_t n, pair.n_elements());
    if (n != 2) return pair.wrong_type("a token and its id");
    TG_TRY(const std::int32_t id, read_special_id(pair.at(1), id_limit));
    ids.push_back(id);
  }
  wrap({ids[0]}, {ids[1]}, out);
  return {};
}

Result<void> read_into(const JsonField& field, std::int64_t id_limit, int depth,
                       PostProcessor& out) {
  TG_TRY(const std::string type, field["type"].text());
  if (type == "TemplateProcessing") return read_template(field, id_limit, out);
  if (type == "BertProcessing") return read_cls_sep(field, id_limit, out);
  if (type == "ByteLevel") return read_trim(field, out);
  if (type == "RobertaProcessing") {
    TG_TRY(read_trim(field, out));
    return read_cls_sep(field, id_limit, out);
  }
  if (type != "Sequence") {
    return field.unsupported("post-processor", type, known_post_processors);
  }
  if (depth == max_sequence_depth) {
    return field.error(ErrorCode::unsupported, "sequences nested too deep");
  }
  const JsonField list = field["processors"];
  TG_TRY(const std::size_t n, list.n_elements());
  for (std::size_t i = 0; i < n; ++i) TG_TRY(read_into(list.at(i), id_limit, depth + 1, out));
  return {};
}

}  // namespace

Result<PostProcessor> read_post_processor(const JsonField& field, std::int64_t id_limit) {
  PostProcessor out;
  if (!field.is_null()) TG_TRY(read_into(field, id_limit, 0, out));
  return out;
}

}  // namespace topograph::detail
