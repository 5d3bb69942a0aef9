package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.HostException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Watches for exit files with inotify, in one thread. */
public final class ExitWatcher implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final long SECONDS_BETWEEN_CHECKS = 2;

    private final WatchService service;
    private final Consumer<String> onExit;
    private final Runnable onCheck;

    /**
     * @param onExit called with the ID of a container whose exit file appeared; may be called more than once
     * @param onCheck called now and then: a supervisor that was killed leaves no exit file, and the kernel drops events
     *     when too many come at once
     */
    public ExitWatcher(Path exits, Consumer<String> onExit, Runnable onCheck) {
        this.onExit = onExit;
        this.onCheck = onCheck;
        try {
            Files.createDirectories(exits);
            this.service = exits.getFileSystem().newWatchService();
            exits.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        } catch (IOException failure) {
            throw new HostException("cannot watch " + exits + ": " + failure.getMessage(), failure);
        }
        Thread.ofPlatform().daemon().name("exits").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                WatchKey key = service.poll(SECONDS_BETWEEN_CHECKS, TimeUnit.SECONDS);
                if (key == null) {
                    Background.start("check-containers", onCheck::run);
                    continue;
                }
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.context() instanceof Path name) {
                        String id = name.toString();
                        // conmon writes under another name, then renames.
                        if (ID.matcher(id).matches()) {
                            Background.start("exit-" + id.substring(0, 12), () -> onExit.accept(id));
                        }
                    }
                }
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            // The daemon ends.
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException ignored) {
            // Nothing is lost with it.
        }
    }
}
