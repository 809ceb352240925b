// io/task.h: Task<T>, a coroutine of the loop. Lazy: it starts when it is awaited or spawned. Everything runs on the one loop thread.
// Parameters go by value or outlive the call; no capturing lambda is a coroutine; name an aggregate before co_await (docs/HACKING.md).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/result.h"

namespace ph::io {

template <typename T>
using Task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

}  // namespace ph::io

// PH_CO_TRY(auto value, co_await expression): PH_TRY for coroutines.
#define PH_CO_TRY(declaration, ...)                                                                 \
    auto PH_TRY_NAME(__LINE__) = (__VA_ARGS__);                                                     \
    if (!PH_TRY_NAME(__LINE__)) co_return tl::unexpected(std::move(PH_TRY_NAME(__LINE__)).error()); \
    declaration = *std::move(PH_TRY_NAME(__LINE__))
