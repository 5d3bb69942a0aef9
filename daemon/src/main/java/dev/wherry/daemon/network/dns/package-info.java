/** Runs aardvark-dns, which resolves the names of endpoints on each network and forwards other names. */
package dev.wherry.daemon.network.dns;
