/** What can be said about a Dockerfile without building it: its checks, its outline and its targets. */
package dev.wherry.daemon.builder.report;
