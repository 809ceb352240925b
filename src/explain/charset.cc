// explain/charset.cc: GB18030 and Big5 share most of their byte pairs; the one whose characters are the common ones of mail
// replies wins. Decoding is iconv's, the one place above the waterline where the C library may read a file (its tables).
#include "explain/charset.h"

#include <iconv.h>
#include <memory>

#include "base/utf8.h"

namespace ph::explain {
namespace {

struct CloseIconv {
    void operator()(void* handle) const { iconv_close(handle); }
};

// Strict: false if a byte has no meaning in the charset.
bool decode(const char* charset, std::string_view bytes, std::string& out) {
    const iconv_t opened = iconv_open("UTF-8", charset);
    if (opened == reinterpret_cast<iconv_t>(-1)) return false;  // NOLINT: iconv's way of saying no
    const std::unique_ptr<void, CloseIconv> handle(opened);
    out.resize(bytes.size() * 3 + 4);
    std::string input(bytes);
    char* in = input.data();
    std::size_t in_left = input.size();
    char* to = out.data();
    std::size_t out_left = out.size();
    const bool whole = iconv(opened, &in, &in_left, &to, &out_left) != static_cast<std::size_t>(-1) && in_left == 0;
    out.resize(out.size() - out_left);
    return whole;
}

// The characters that refusals are made of, in both scripts. A wrong charset gives rare ones instead.
constexpr std::u32string_view common =
    U"的不在已满滿邮郵件信箱用户戶使用者收发發人地址域名服务務器拒绝絕接被限制超过過大小空间間错誤误无無法找到存此该該请請稍后後再试試频頻率"
    U"数數量系统統忙黑单單名禁止内內容垃圾病毒附认認证證失败敗密码碼连連接时時超暂暫解析查询詢送达達主机機对對方您你的是为為太多群组組";

int score(std::string_view utf8) {
    int points = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint point = decode_utf8(utf8, at);
        at += point.length;
        if (point.value < 0x80) continue;
        if (common.find(point.value) != std::u32string_view::npos) {
            points += 3;
        } else if ((point.value >= 0x3000 && point.value < 0x3020) || (point.value >= 0xFF00 && point.value < 0xFF5F)) {
            points += 1;
        } else if (point.value < 0x4E00 || point.value > 0x9FA5) {
            points -= 3;
        }
    }
    return points;
}

// Western text has its accented letters one at a time.
bool lone_high_bytes(std::string_view bytes) {
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        if (static_cast<unsigned char>(bytes[at]) >= 0x80 && static_cast<unsigned char>(bytes[at - 1]) >= 0x80) return false;
    }
    return true;
}

// GBK text that somebody took for Latin-1 and wrote as UTF-8: every character is one of the old bytes, and they come in pairs.
bool latin1_bytes(std::string_view utf8, std::string& bytes) {
    int high = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint point = decode_utf8(utf8, at);
        at += point.length;
        if (!point.valid || point.value > 0xFF) return false;
        high += point.value >= 0x80;
        bytes += static_cast<char>(static_cast<unsigned char>(point.value));
    }
    return high >= 4 && !lone_high_bytes(bytes);
}

Charset decode_chinese(std::string_view bytes, std::string& storage) {
    std::string gb;
    std::string big5;
    const int gb_score = decode("GB18030", bytes, gb) ? score(gb) : 0;
    const int big5_score = decode("BIG5", bytes, big5) ? score(big5) : 0;
    if (gb_score <= 0 && big5_score <= 0) return Charset::broken;
    storage = big5_score > gb_score ? std::move(big5) : std::move(gb);
    return big5_score > gb_score ? Charset::big5 : Charset::gb18030;
}

Charset decode_foreign(std::string_view bytes, std::string& storage) {
    if (lone_high_bytes(bytes) && decode("WINDOWS-1252", bytes, storage)) return Charset::windows1252;
    const Charset chinese = decode_chinese(bytes, storage);
    if (chinese == Charset::broken) storage = to_valid_utf8(bytes);
    return chinese;
}

bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
    return all < 0x80;
}

}  // namespace

std::string_view to_text(Charset charset) {
    switch (charset) {
        case Charset::utf8:
            return "UTF-8";
        case Charset::gb18030:
            return "GB18030";
        case Charset::big5:
            return "Big5";
        case Charset::windows1252:
            return "Windows-1252";
        case Charset::broken:
            return "unknown";
    }
    return "unknown";
}

std::string_view to_utf8(std::string_view bytes, std::string& storage, Charset* found) {
    Charset charset = Charset::utf8;
    std::string_view text = bytes;
    if (!is_ascii(bytes)) {
        std::string once;
        if (!is_utf8(bytes)) {
            charset = decode_foreign(bytes, storage);
            text = storage;
        } else if (latin1_bytes(bytes, once)) {
            std::string again;
            if (is_utf8(once) || decode_chinese(once, again) != Charset::broken) {
                charset = is_utf8(once) ? Charset::utf8 : Charset::gb18030;
                storage = is_utf8(once) ? std::move(once) : std::move(again);
                text = storage;
            }
        }
    }
    if (found != nullptr) *found = charset;
    return text;
}

}  // namespace ph::explain
