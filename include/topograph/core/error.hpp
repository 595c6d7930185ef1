#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace topograph {

/// What went wrong, in the terms a program can act on.
enum class ErrorCode : std::uint8_t {
  invalid_argument,  ///< An option or argument outside its documented range.
  not_found,         ///< A file, column, model or topic that does not exist.
  io,                ///< The operating system refused to read or write.
  parse,             ///< Bytes that are not what their format promises.
  unsupported,       ///< Valid, but not something this version can do.
  schema,            ///< A model file of another shape or version than expected.
  cancelled,         ///< The caller asked to stop.
  internal,          ///< A defect of topograph.
};

/// Whose problem it is; shells map this to exit codes.
enum class Subject : std::uint8_t { option, input, model, output, program };

/// One failure, written for the person who reads it: what was expected, what was found, one hint.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message = {};
  std::string where = {};  ///< `file:line:column`, `row 17` or an option path; may be empty.
  std::string hint = {};   ///< One suggestion; may be empty.
  Subject subject = Subject::program;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] std::string_view to_string(ErrorCode code);

/// Renders `where: message — hint` with the empty parts left out.
[[nodiscard]] std::string to_string(const Error& error);

[[nodiscard]] std::unexpected<Error> cancelled();
[[nodiscard]] std::unexpected<Error> option_error(std::string where, std::string message,
                                                  std::string hint = {});
[[nodiscard]] std::unexpected<Error> input_error(ErrorCode code, std::string where,
                                                 std::string message, std::string hint = {});
[[nodiscard]] std::unexpected<Error> model_error(ErrorCode code, std::string where,
                                                 std::string message, std::string hint = {});
[[nodiscard]] std::unexpected<Error> output_error(std::string where, std::string message,
                                                  std::string hint = {});

}  // namespace topograph

#define TG_DETAIL_CONCAT2(a, b) a##b
#define TG_DETAIL_CONCAT(a, b) TG_DETAIL_CONCAT2(a, b)
#define TG_DETAIL_TRY1(expr) TG_DETAIL_TRY1_AS(TG_DETAIL_CONCAT(tg_result_, __COUNTER__), expr)
#define TG_DETAIL_TRY1_AS(name, expr) \
  if (auto name = (expr); !name) return std::unexpected(std::move(name).error())
#define TG_DETAIL_TRY2(decl, expr) \
  TG_DETAIL_TRY2_AS(TG_DETAIL_CONCAT(tg_result_, __COUNTER__), decl, expr)
#define TG_DETAIL_TRY2_AS(name, decl, expr)                   \
  auto name = (expr);                                         \
  if (!name) return std::unexpected(std::move(name).error()); \
  decl = *std::move(name)
#define TG_DETAIL_PICK(_1, _2, name, ...) name

/// `TG_TRY(expr);` or `TG_TRY(auto x, expr);`: returns the error of a failed Result to the caller.
#define TG_TRY(...) TG_DETAIL_PICK(__VA_ARGS__, TG_DETAIL_TRY2, TG_DETAIL_TRY1, )(__VA_ARGS__)
