#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "topograph/core/error.hpp"

/// Options structs list their fields once, in a static `visit`, and everything else — JSON, TOML,
/// command-line flags, validation, --help — follows from that list:
///
///   struct CountOptions {
///     int top_n_words = 10;
///     template <class Self, class V>
///     static constexpr void visit(Self& s, V&& v) {
///       v("top_n_words", s.top_n_words, at_least(1), "Words kept per topic.");
///     }
///   };
///
/// Fields may be bool, integers, float, double, std::string, enums with `EnumNames`, lists of
/// strings, pairs of int, std::optional of those (unset = "choose for me"), or nested options.
namespace topograph {

/// Names of the enumerators 0, 1, 2 … of an option's enum: specialise with a `names` array.
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  EnumNames<E>::names;
};

template <NamedEnum E>
[[nodiscard]] constexpr std::string_view enum_name(E value) {
  return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

/// Allowed values of a number.
struct Range {
  std::optional<double> low = {};
  std::optional<double> high = {};
  bool low_open = false;
};
[[nodiscard]] constexpr Range any_value() { return {}; }
[[nodiscard]] constexpr Range at_least(double low) { return {.low = low}; }
[[nodiscard]] constexpr Range above(double low) { return {.low = low, .low_open = true}; }
[[nodiscard]] constexpr Range between(double low, double high) {
  return {.low = low, .high = high};
}

/// One field of an options struct, as text.
struct OptionField {
  std::string path = {};   ///< Dotted: `umap.n_neighbors`.
  std::string type = {};   ///< int, number, text, flag, list, pair, or `a|b|c`.
  std::string value = {};  ///< Current value; "auto" when unset.
  std::string range = {};  ///< ">= 2", "[0, 1]" or empty.
  std::string help = {};
  std::string alias = {};  ///< Another accepted last name; may be empty.
};

/// A dotted path and the text of its value, with the place it was read from.
struct OptionSetting {
  std::string path = {};
  std::string text = {};
  std::string where = {};
};

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

struct FieldProbe {
  template <class... A>
  constexpr void operator()(A&&...) const {}
};
template <class T>
concept OptionGroup = std::is_class_v<T> && requires(T& t) {
  T::visit(t, FieldProbe{});
};

[[nodiscard]] Result<void> parse_bool(std::string_view text, bool& out);
[[nodiscard]] Result<void> parse_int(std::string_view text, std::int64_t& out);
[[nodiscard]] Result<void> parse_number(std::string_view text, double& out);
[[nodiscard]] Result<void> parse_list(std::string_view text, std::vector<std::string>& out);
[[nodiscard]] Result<void> parse_pair(std::string_view text, std::pair<int, int>& out);
[[nodiscard]] Result<void> check_range(double value, const Range& range);
[[nodiscard]] bool is_unset(std::string_view text);
[[nodiscard]] std::string range_text(const Range& range);
[[nodiscard]] std::string number_text(double value);
[[nodiscard]] std::string number_text(float value);
[[nodiscard]] std::string json_quote(std::string_view text);
[[nodiscard]] std::string json_list(const std::vector<std::string>& items);
[[nodiscard]] Error bad_choice(std::string_view text, const std::string_view* names, std::size_t n);
[[nodiscard]] std::string join_names(const std::string_view* names, std::size_t n);
[[nodiscard]] Error unknown_option(std::string_view path, const std::vector<OptionField>& known);
[[nodiscard]] Result<std::vector<OptionSetting>> flatten_json(std::string_view json,
                                                              std::string_view where);

template <class T>
[[nodiscard]] Result<void> parse_value(std::string_view text, const Range& range, T& out) {
  if constexpr (IsOptional<T>::value) {
    if (is_unset(text)) {
      out.reset();
      return {};
    }
    typename T::value_type value{};
    TG_TRY(parse_value(text, range, value));
    out = std::move(value);
    return {};
  } else if constexpr (std::is_same_v<T, bool>) {
    return parse_bool(text, out);
  } else if constexpr (NamedEnum<T>) {
    const auto& names = EnumNames<T>::names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == text) {
        out = static_cast<T>(i);
        return {};
      }
    }
    return std::unexpected(bad_choice(text, names.data(), names.size()));
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t value = 0;
    TG_TRY(parse_int(text, value));
    TG_TRY(check_range(static_cast<double>(value), range));
    if (!std::in_range<T>(value)) return option_error({}, "number too large");
    out = static_cast<T>(value);
    return {};
  } else if constexpr (std::is_floating_point_v<T>) {
    double value = 0;
    TG_TRY(parse_number(text, value));
    TG_TRY(check_range(value, range));
    out = static_cast<T>(value);
    return {};
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = std::string(text);
    return {};
  } else if constexpr (std::is_same_v<T, std::pair<int, int>>) {
    TG_TRY(parse_pair(text, out));
    TG_TRY(check_range(static_cast<double>(out.first), range));
    return check_range(static_cast<double>(out.second), range);
  } else {
    static_assert(std::is_same_v<T, std::vector<std::string>>, "unsupported option type");
    return parse_list(text, out);
  }
}

template <class T>
[[nodiscard]] Result<void> check_value(const T& value, const Range& range) {
  if constexpr (IsOptional<T>::value) {
    return value ? check_value(*value, range) : Result<void>{};
  } else if constexpr (std::is_same_v<T, std::pair<int, int>>) {
    TG_TRY(check_range(static_cast<double>(value.first), range));
    return check_range(static_cast<double>(value.second), range);
  } else if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
    return check_range(static_cast<double>(value), range);
  } else {
    return {};
  }
}

template <class T>
[[nodiscard]] std::string value_json(const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? value_json(*value) : std::string("null");
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (NamedEnum<T>) {
    return json_quote(enum_name(value));
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return number_text(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return json_quote(value);
  } else if constexpr (std::is_same_v<T, std::pair<int, int>>) {
    return "[" + std::to_string(value.first) + ", " + std::to_string(value.second) + "]";
  } else {
    return json_list(value);
  }
}

template <class T>
[[nodiscard]] std::string value_text(const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? value_text(*value) : std::string("auto");
  } else if constexpr (NamedEnum<T>) {
    return std::string(enum_name(value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<T, std::pair<int, int>>) {
    return std::to_string(value.first) + "," + std::to_string(value.second);
  } else {
    return value_json(value);
  }
}

template <class T>
[[nodiscard]] std::string type_text() {
  if constexpr (IsOptional<T>::value) {
    return type_text<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, bool>) {
    return "flag";
  } else if constexpr (NamedEnum<T>) {
    return join_names(EnumNames<T>::names.data(), EnumNames<T>::names.size());
  } else if constexpr (std::is_integral_v<T>) {
    return "int";
  } else if constexpr (std::is_floating_point_v<T>) {
    return "number";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "text";
  } else if constexpr (std::is_same_v<T, std::pair<int, int>>) {
    return "pair";
  } else {
    return "list";
  }
}

/// Visits every leaf below `options` with its dotted path.
template <class O, class F>
void for_each_option(O& options, const std::string& prefix, F&& leaf) {
  std::remove_const_t<O>::visit(options, [&](std::string_view name, auto& member, auto... rest) {
    using T = std::remove_cvref_t<decltype(member)>;
    std::string path = prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
    if constexpr (OptionGroup<T>) {
      for_each_option(member, path, leaf);
    } else {
      static_assert(sizeof...(rest) >= 2, "a field needs a range and a help text");
      leaf(path, member, rest...);
    }
  });
}

}  // namespace detail

/// Every field with its current value, for --help, tables and messages.
template <class O>
[[nodiscard]] std::vector<OptionField> list_options(const O& options) {
  std::vector<OptionField> fields;
  detail::for_each_option(
      options, "",
      [&](const std::string& path, const auto& member, const Range& range, std::string_view help,
          std::string_view alias = "") {
        using T = std::remove_cvref_t<decltype(member)>;
        fields.push_back({path, detail::type_text<T>(), detail::value_text(member),
                          detail::range_text(range), std::string(help), std::string(alias)});
      });
  return fields;
}

/// Sets one field by its dotted path from text.
/// @error invalid_argument naming the path, what was expected, and the nearest known path.
template <class O>
[[nodiscard]] Result<void> set_option(O& options, std::string_view path, std::string_view text) {
  bool is_known = false;
  Result<void> outcome;
  detail::for_each_option(options, "",
                          [&](const std::string& at, auto& member, const Range& range,
                              std::string_view, std::string_view alias = "") {
                            std::string other = at.substr(0, at.rfind('.') + 1);
                            if (at.rfind('.') == std::string::npos) other.clear();
                            other += alias;
                            if (is_known || (at != path && (alias.empty() || other != path)))
                              return;
                            is_known = true;
                            outcome = detail::parse_value(text, range, member);
                          });
  if (!is_known) return std::unexpected(detail::unknown_option(path, list_options(options)));
  if (!outcome && outcome.error().where.empty()) outcome.error().where = std::string(path);
  return outcome;
}

/// Checks every field against its range and returns all problems, each with its path.
template <class O>
[[nodiscard]] std::vector<Error> check_options(const O& options, const std::string& prefix = "") {
  std::vector<Error> problems;
  detail::for_each_option(options, prefix,
                          [&](const std::string& path, const auto& member, const Range& range,
                              std::string_view, std::string_view = "") {
                            if (auto ok = detail::check_value(member, range); !ok) {
                              problems.push_back(ok.error());
                              problems.back().where = path;
                            }
                          });
  return problems;
}

/// The same as one Result: all problems in one message.
[[nodiscard]] Result<void> merge_problems(const std::vector<Error>& problems);

template <class O>
[[nodiscard]] Result<void> validate_options(const O& options, const std::string& prefix = "") {
  return merge_problems(check_options(options, prefix));
}

/// All fields as a JSON object, nested as the structs are.
template <class O>
[[nodiscard]] std::string options_json(const O& options) {
  std::string json = "{";
  O::visit(options, [&](std::string_view name, const auto& member, auto...) {
    using T = std::remove_cvref_t<decltype(member)>;
    if (json.size() > 1) json += ", ";
    json += detail::json_quote(name) + ": ";
    if constexpr (detail::OptionGroup<T>) {
      json += options_json(member);
    } else {
      json += detail::value_json(member);
    }
  });
  return json + "}";
}

/// Applies settings in order; the error names where the setting came from.
template <class O>
[[nodiscard]] Result<void> apply_settings(O& options, const std::vector<OptionSetting>& settings) {
  for (const OptionSetting& setting : settings) {
    auto ok = set_option(options, setting.path, setting.text);
    if (ok) continue;
    if (!setting.where.empty()) ok.error().where = setting.where + ": " + ok.error().where;
    return ok;
  }
  return {};
}

/// Reads what `options_json` wrote (missing fields keep their defaults).
template <class O>
[[nodiscard]] Result<void> load_options_json(O& options, std::string_view json,
                                             std::string_view where = "options") {
  TG_TRY(auto settings, detail::flatten_json(json, where));
  return apply_settings(options, settings);
}

/// Reads a TOML file into dotted settings: `[umap] n_neighbors = 30`.
[[nodiscard]] Result<std::vector<OptionSetting>> read_toml_settings(
    const std::filesystem::path& path);

}  // namespace topograph
