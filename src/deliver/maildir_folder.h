// deliver/maildir_folder.h: the folders of one user's Maildir, opened so that no link leads out of them. Everything here waits for the disk: it
// runs on a thread of World::blocking().
// With root's powers we work in folders that somebody else can change meanwhile: so each step goes from a folder that is open already, what belongs
// to the user must belong to him, and links are followed only where none but root or we can make them.
#pragma once

#include <string>

#include "base/file_descriptor.h"
#include "deliver/obstacle.h"
#include "directory/directory.h"

namespace ph::deliver {

// Whom new files are given to.
struct Owner {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    bool give = false;  // we have root's power to, and so must
};
Owner owner_of(const directory::LocalUser& user);
// Gives a file that we have just made to its owner.
Done<void> give_to(int file, const Owner& owner, const std::string& path);

struct MaildirFolder {
    std::string path;  // ends in '/'
    Owner owner;
    FileDescriptor top;    // to reach what is in it, not to list it
    FileDescriptor tmp;    // likewise
    FileDescriptor fresh;  // new/
};

// Opens the Maildir; what of it is missing is made, mode 0700, and synced. The home of a user who has one is never made: a home that is not
// there may be on a disk that is not there. Users without a home (home is the Maildir itself) get all folders on the way.
Done<MaildirFolder> open_maildir(const directory::LocalUser& user);
// The Maildir itself, to look at; nothing is made.
Done<FileDescriptor> look_at_maildir(const directory::LocalUser& user);

}  // namespace ph::deliver
