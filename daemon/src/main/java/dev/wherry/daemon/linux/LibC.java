package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * The functions of the C library that the daemon calls, under their own names; the manual pages are their
 * documentation. Paths are NUL-terminated bytes, since a file name need not be UTF-8.
 */
interface LibC extends Library {

    LibC C = Native.load("c", LibC.class);

    /** In place of a directory's descriptor: relative names start at the working directory. */
    int AT_FDCWD = -100;

    int AT_SYMLINK_NOFOLLOW = 0x100;

    int AT_EMPTY_PATH = 0x1000;

    int mount(byte[] source, byte[] target, byte[] type, NativeLong flags, byte[] data) throws LastErrorException;

    int umount2(byte[] target, int flags) throws LastErrorException;

    int unshare(int flags) throws LastErrorException;

    int setns(int fd, int type) throws LastErrorException;

    int sethostname(byte[] name, NativeLong length) throws LastErrorException;

    int chdir(byte[] path) throws LastErrorException;

    /** {@code status} takes the 256 bytes of {@code struct statx}. */
    int statx(int directory, byte[] path, int flags, int mask, byte[] status) throws LastErrorException;

    int mknod(byte[] path, int mode, NativeLong device) throws LastErrorException;

    int symlink(byte[] target, byte[] path) throws LastErrorException;

    NativeLong readlink(byte[] path, byte[] target, NativeLong size) throws LastErrorException;

    int chmod(byte[] path, int mode) throws LastErrorException;

    int lchown(byte[] path, int uid, int gid) throws LastErrorException;

    int fchownat(int directory, byte[] path, int uid, int gid, int flags) throws LastErrorException;

    NativeLong readlinkat(int directory, byte[] path, byte[] target, NativeLong size) throws LastErrorException;

    /** {@code status} takes the 120 bytes of {@code struct statfs}, of which the first word is the type. */
    int fstatfs(int fd, byte[] status) throws LastErrorException;

    /** {@code times} holds seconds and nanoseconds of access, then of modification. */
    int utimensat(int directory, byte[] path, long[] times, int flags) throws LastErrorException;

    int lsetxattr(byte[] path, byte[] name, byte[] value, NativeLong size, int flags) throws LastErrorException;

    NativeLong lgetxattr(byte[] path, byte[] name, byte[] value, NativeLong size) throws LastErrorException;

    NativeLong llistxattr(byte[] path, byte[] list, NativeLong size) throws LastErrorException;

    int setxattr(byte[] path, byte[] name, byte[] value, NativeLong size, int flags) throws LastErrorException;

    NativeLong getxattr(byte[] path, byte[] name, byte[] value, NativeLong size) throws LastErrorException;

    NativeLong listxattr(byte[] path, byte[] list, NativeLong size) throws LastErrorException;

    int fanotify_init(int flags, int eventFlags) throws LastErrorException;

    int fanotify_mark(int fd, int flags, long mask, int directory, byte[] path) throws LastErrorException;

    /** {@code handle} takes a {@code struct file_handle}. */
    int name_to_handle_at(int directory, byte[] path, byte[] handle, int[] mountId, int flags)
            throws LastErrorException;

    NativeLong read(int fd, byte[] buffer, NativeLong length) throws LastErrorException;

    NativeLong write(int fd, byte[] buffer, NativeLong length) throws LastErrorException;

    int open(byte[] path, int flags, int mode) throws LastErrorException;

    int openat(int directory, byte[] path, int flags, int mode) throws LastErrorException;

    /** For calls that the library has no function for. */
    NativeLong syscall(NativeLong number, NativeLong directory, byte[] path, byte[] argument, NativeLong size)
            throws LastErrorException;

    /** As above, with flags in place of the argument. */
    NativeLong syscall(NativeLong number, NativeLong directory, byte[] path, NativeLong flags)
            throws LastErrorException;

    /** As above, with flags before the argument; or, in place of these, another directory and path, and flags. */
    NativeLong syscall(
            NativeLong number, NativeLong directory, byte[] path, NativeLong flags, byte[] argument, NativeLong size)
            throws LastErrorException;

    /** For this thread alone. The result is the ID before; whether the call succeeded cannot be told. */
    int setfsuid(int uid);

    /** As above. */
    int setfsgid(int gid);

    /** {@code header} and {@code sets} are the structures of capget(2), for this thread. */
    int capget(byte[] header, byte[] sets) throws LastErrorException;

    /** As above. */
    int capset(byte[] header, byte[] sets) throws LastErrorException;

    int close(int fd) throws LastErrorException;

    int syncfs(int fd) throws LastErrorException;

    int ioctl(int fd, NativeLong request, long argument) throws LastErrorException;

    int ioctl(int fd, NativeLong request, int[] argument) throws LastErrorException;

    int ioctl(int fd, NativeLong request, byte[] argument) throws LastErrorException;

    int madvise(NativeLong address, NativeLong length, int advice) throws LastErrorException;

    int kill(int pid, int signal) throws LastErrorException;

    /** {@code handler} is an address, 0 for the default action; the result is the handler before. */
    NativeLong signal(int signal, NativeLong handler) throws LastErrorException;

    /** For calls that the library does not know by name. */
    NativeLong syscall(NativeLong number, NativeLong first, NativeLong second, NativeLong third, NativeLong fourth)
            throws LastErrorException;

    /** {@code time} takes seconds and nanoseconds. */
    int clock_gettime(int clock, long[] time) throws LastErrorException;

    int socket(int domain, int type, int protocol) throws LastErrorException;

    int connect(int fd, byte[] address, int length) throws LastErrorException;

    int shutdown(int fd, int how) throws LastErrorException;

    NativeLong recv(int fd, byte[] buffer, NativeLong length, int flags) throws LastErrorException;

    NativeLong send(int fd, byte[] buffer, NativeLong length, int flags) throws LastErrorException;

    int getsockopt(int fd, int level, int name, byte[] value, int[] length) throws LastErrorException;

    int setsockopt(int fd, int level, int name, int[] value, int length) throws LastErrorException;

    /** Null for an unknown name, whatever errno is. */
    Pointer getpwnam(byte[] name);

    /** As above. */
    Pointer getgrnam(byte[] name);

    int dup2(int fd, int as) throws LastErrorException;

    int pipe2(int[] descriptors, int flags) throws LastErrorException;

    int fcntl(int fd, int command, int argument) throws LastErrorException;

    int waitpid(int pid, int[] status, int options) throws LastErrorException;

    /** {@code descriptors} takes {@code struct pollfd}s: descriptor, then events and what was found, two bytes each. */
    int poll(byte[] descriptors, NativeLong count, int milliseconds) throws LastErrorException;

    // The following return the number of an error, and leave errno as it happens to be.

    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawn_file_actions_addopen(Pointer actions, int fd, byte[] path, int flags, int mode);

    int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int as);

    int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    int posix_spawn_file_actions_addchdir_np(Pointer actions, byte[] path);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int sigfillset(Pointer signals);

    int posix_spawn(
            int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer arguments, Pointer environment);
}
