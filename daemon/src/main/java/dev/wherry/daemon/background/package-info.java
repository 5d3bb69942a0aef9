/** Work that nobody waits for: named threads whose failures are logged. */
package dev.wherry.daemon.background;
