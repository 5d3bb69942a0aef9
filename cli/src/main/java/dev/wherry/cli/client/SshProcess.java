package dev.wherry.cli.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection by {@code ssh}: copies what a channel in memory receives to the standard input of the child, and its
 * standard output back. Each direction has a thread of the platform, since reads of pipes hold the thread that makes them.
 * The windows of HTTP/2 bound how much waits here.
 */
final class SshProcess extends ChannelInboundHandlerAdapter {
    private static final int CHUNK = 64 << 10;

    /** What of the errors is kept. */
    private static final int LONGEST_ERRORS = 16 << 10;

    /** How long a child whose output has ended may take to end, and to say why. */
    private static final int PATIENCE_SECONDS = 5;

    private final ByteBuf last = Unpooled.buffer(0);

    private final List<String> command;
    private final Map<String, String> environment;
    private final BlockingQueue<ByteBuf> input = new LinkedBlockingQueue<>();
    private final StringBuffer errors = new StringBuffer();
    private volatile Process process;
    private volatile boolean ended;
    private volatile SshFailure failure;

    SshProcess(List<String> command, Map<String, String> environment) {
        this.command = command;
        this.environment = environment;
    }

    /** Why the child ended; {@code null} as long as it runs, and if it ended because the client did. */
    SshFailure failure() {
        return failure;
    }

    /** Ends the child: the connection is over. */
    void end() {
        ended = true;
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        thread("ssh", () -> run(context));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        input.add((ByteBuf) message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        input.add(last);
        end();
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).start(task);
    }

    private void run(ChannelHandlerContext context) {
        boolean received = false;
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process child = builder.start();
            process = child;
            if (ended) {
                child.destroy();
            }
            Thread reader = thread("ssh-errors", () -> keepErrors(child.getErrorStream()));
            thread("ssh-input", () -> copyInput(child.getOutputStream()));
            received = copyOutput(child.getInputStream(), context);
            int status = status(child);
            // Another process of ssh, which serves later connections too, may hold the pipe open.
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            failure = new SshFailure(said(status), received);
        } catch (IOException e) {
            failure = new SshFailure("cannot run ssh: " + e.getMessage(), received);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.close();
        }
    }

    /** @return whether there was any */
    private static boolean copyOutput(InputStream from, ChannelHandlerContext to) {
        boolean any = false;
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                any = true;
                to.writeAndFlush(Unpooled.copiedBuffer(chunk, 0, n)).await();
            }
        } catch (IOException closed) {
            // As when it ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return any;
    }

    private void copyInput(OutputStream to) {
        try (to) {
            for (ByteBuf data = input.take(); data != last; data = input.take()) {
                try {
                    data.readBytes(to, data.readableBytes());
                } finally {
                    data.release();
                }
                if (input.isEmpty()) {
                    to.flush();
                }
            }
        } catch (IOException closed) {
            // The end of the output says so too, and why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepErrors(InputStream from) {
        byte[] chunk = new byte[1 << 10];
        try {
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                errors.append(new String(chunk, 0, n, StandardCharsets.UTF_8));
                errors.delete(0, Math.max(0, errors.length() - LONGEST_ERRORS));
            }
        } catch (IOException closed) {
            // What was read is kept.
        }
    }

    private static int status(Process child) throws InterruptedException {
        if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            child.destroy();
        }
        return child.waitFor();
    }

    private String said(int status) {
        String text = errors.toString().strip();
        return text.isEmpty() ? "ssh ended with status " + status : text.replace("\r", "");
    }
}
