/**
 * For whom work is done, and how far they may go: {@link dev.wherry.daemon.access.Caller}. The protocols decide who a
 * caller is and which calls they may make; what depends on the content of a request is checked where requests are
 * validated, by the caller of the current thread.
 */
package dev.wherry.daemon.access;
