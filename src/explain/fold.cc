// explain/fold.cc: the traditional characters are those that mail servers' replies use, not a converter for prose.
#include "explain/fold.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <utf8proc.h>

#include "base/utf8.h"

namespace ph::explain {
namespace {

constexpr std::u32string_view traditional =
    U"帐郵滿戶務發單請無應該過錯誤證認嘗試後頻數據統間錄誰聯連線絡網際轉寄遞達號碼驗權規則設備貴對檔圖內書說話讀寫護標題黨類別開關閉時週歷"
    U"額傳輸檢測掃毒風險擇壓縮問題級別釋禮維擴聲稱帳賬戲實體環僅樣續總執條經註冊電腦資訊詢東門顯點擊進來從個們這裡還沒與為於並將會機構種濾"
    U"駁絕審黑節處異狀態團員組織辦場緊塊鏈鎖軟寬帶簡雜識變換復複訪聽選項屬離題錢";
constexpr std::u32string_view simplified =
    U"账邮满户务发单请无应该过错误证认尝试后频数据统间录谁联连线络网际转寄递达号码验权规则设备贵对档图内书说话读写护标题党类别开关闭时周历"
    U"额传输检测扫毒风险择压缩问题级别释礼维扩声称账账戏实体环仅样续总执条经注册电脑资讯询东门显点击进来从个们这里还没与为于并将会机构种滤"
    U"驳绝审黑节处异状态团员组织办场紧块链锁软宽带简杂识变换复复访听选项属离题钱";
static_assert(traditional.size() == simplified.size());

struct Pair {
    char32_t from;
    char32_t to;
};

constexpr std::array han = [] {
    std::array<Pair, traditional.size()> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {traditional[i], simplified[i]};
    std::ranges::sort(pairs, {}, &Pair::from);
    return pairs;
}();

// Each mark with the plain character it stands for.
constexpr std::u32string_view marks = U"。.、,「\"」\"『\"』\"【[】]〔[〕]《<》>〈<〉>“\"”\"„\"‟\"‘'’'‚'‛'′'″\"–-—-―-−-…~・.·.\u3000 \uFEFF ";

static_assert(marks.size() % 2 == 0);

}  // namespace

char32_t fold(char32_t point) {
    if (point < 0x80) return point >= U'A' && point <= U'Z' ? point + 32 : point;
    if (point >= 0xFF01 && point <= 0xFF5E) return fold(point - 0xFEE0);  // full-width ASCII
    if (point == 0xA0 || (point >= 0x2000 && point <= 0x200B)) return U' ';
    if (point >= 0x4E00 && point <= 0x9FFF) {
        const auto at = std::ranges::lower_bound(han, point, {}, &Pair::from);
        return at != han.end() && at->from == point ? at->to : point;
    }
    for (std::size_t mark = 0; mark < marks.size(); mark += 2) {
        if (marks[mark] == point) return marks[mark + 1];
    }
    if (point < 0x0590) return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point)));
    return point;
}

bool has_wide_digits(std::string_view text) {
    // U+FF10 to U+FF19 are EF BC 90 to EF BC 99.
    for (std::size_t at = text.find("\xEF\xBC"); at != std::string_view::npos && at + 2 < text.size(); at = text.find("\xEF\xBC", at + 2)) {
        const auto last = static_cast<unsigned char>(text[at + 2]);
        if (last >= 0x90 && last <= 0x99) return true;
    }
    return false;
}

std::string narrow(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        const bool wide = point.value >= 0xFF01 && point.value <= 0xFF5E;
        append_utf8(out, wide ? point.value - 0xFEE0 : point.value == 0x3000 ? U' ' : point.value);
        at += point.length;
    }
    return out;
}

}  // namespace ph::explain
