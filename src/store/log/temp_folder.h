// store/log/temp_folder.h: a folder for the time of a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ph::store::log {

class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "posthorn-store-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~TempFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    TempFolder(TempFolder&&) = delete;
    TempFolder& operator=(TempFolder&&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace ph::store::log
