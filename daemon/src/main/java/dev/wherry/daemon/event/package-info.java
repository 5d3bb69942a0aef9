/**
 * Events of containers and images, as {@code wherry events} shows them: stored for a while, so that a client can
 * ask for past ones, and written in the transaction of the change that they report.
 */
package dev.wherry.daemon.event;
