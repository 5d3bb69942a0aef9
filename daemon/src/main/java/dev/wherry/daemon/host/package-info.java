/**
 * What the daemon finds on its host: the programs it drives, the kernel, the machine. Only looks, changes nothing. Uses
 * nothing of ours.
 */
package dev.wherry.daemon.host;
