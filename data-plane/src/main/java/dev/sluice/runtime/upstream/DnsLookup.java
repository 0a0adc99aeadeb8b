package dev.sluice.runtime.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the name servers that the platform is configured with, as the platform would (hosts file first, search domains),
 * but learns the records' time to live, which the platform's own resolver does not tell. Where that finds nothing, or no
 * name server is configured, the platform is asked, which may know of other sources. What is configured, and the hosts
 * file, is read for each lookup.
 */
final class DnsLookup implements Lookup {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Supplier<@Nullable DnsServerAddressStreamProvider> servers;
    private final Supplier<HostsFileEntriesResolver> hosts;
    private final Lookup platform;
    private final Duration patience;

    DnsLookup() {
        this(
                () -> configured("/etc/resolv.conf"),
                DefaultHostsFileEntriesResolver::new,
                host -> new Found(List.of(InetAddress.getAllByName(host)), Names.KEPT),
                PATIENCE);
    }

    DnsLookup(
            Supplier<@Nullable DnsServerAddressStreamProvider> servers,
            Supplier<HostsFileEntriesResolver> hosts,
            Lookup platform,
            Duration patience) {
        this.servers = servers;
        this.hosts = hosts;
        this.platform = platform;
        this.patience = patience;
    }

    /** The name servers of this file; null where it names none: Netty's own default are public ones then. */
    static @Nullable DnsServerAddressStreamProvider configured(String resolvConf) {
        try {
            return new UnixResolverDnsServerAddressStreamProvider(resolvConf, "/etc/resolver");
        } catch (IOException | IllegalArgumentException none) {
            return null;
        }
    }

    @Override
    public Found find(String host) throws UnknownHostException {
        DnsServerAddressStreamProvider asked = servers.get();
        return asked == null ? ofPlatform(host, false) : ofServers(host, asked);
    }

    /** Over sockets and a thread of its own, which end with it: lookups are rare, and there is nothing to be closed. */
    private Found ofServers(String host, DnsServerAddressStreamProvider asked) throws UnknownHostException {
        boolean answered;
        TimeToLive ttl = new TimeToLive();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sluice-dns", true), NioIoHandler.newFactory());
        try (DnsNameResolver resolver = new DnsNameResolverBuilder(group.next())
                .datagramChannelType(NioDatagramChannel.class)
                .nameServerProvider(asked)
                .hostsFileEntriesResolver(hosts.get())
                .resolveCache(ttl)
                .cnameCache(ttl.ofAliases())
                .queryTimeoutMillis(patience.toMillis())
                .build()) {
            var found = resolver.resolveAll(host).awaitUninterruptibly();
            if (found.isSuccess() && !found.getNow().isEmpty()) {
                return new Found(found.getNow(), ttl.least());
            }
            answered = saysThereIsNone(found.cause());
        } finally {
            Object unused = group.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return ofPlatform(host, answered);
    }

    /** By an answer with no address, or with the code 3 (RFC 1035 4.1.1); not by failures of servers, or silence. */
    private static boolean saysThereIsNone(@Nullable Throwable failure) {
        Throwable at = failure;
        while (at != null && at.getCause() != null) {
            at = at.getCause();
        }
        return at instanceof DnsErrorCauseException error
                ? error.getCode().equals(DnsResponseCode.NXDOMAIN)
                : at instanceof UnknownHostException;
    }

    /** @param answered whether a name server said that there is no address; the platform does not tell why it has none */
    private Found ofPlatform(String host, boolean answered) throws UnknownHostException {
        try {
            return platform.find(host);
        } catch (UnknownHostException none) {
            throw answered ? none : new Unanswered(host);
        }
    }

    /** Keeps nothing, but notes for how long it might. */
    private static final class TimeToLive implements DnsCache {
        private final AtomicLong leastSeconds = new AtomicLong(Long.MAX_VALUE);

        /** Of what comes from the hosts file there is none. */
        Duration least() {
            long seconds = leastSeconds.get();
            return seconds == Long.MAX_VALUE ? Names.KEPT : Duration.ofSeconds(seconds);
        }

        /** An alias that changes leads to other addresses. */
        DnsCnameCache ofAliases() {
            return new DnsCnameCache() {
                @Override
                public @Nullable String get(String hostname) {
                    return null;
                }

                @Override
                public void cache(String hostname, String cname, long originalTtl, EventLoop asked) {
                    leastSeconds.accumulateAndGet(originalTtl, Math::min);
                }

                @Override
                public void clear() {
                    // nothing is kept
                }

                @Override
                public boolean clear(String hostname) {
                    return false;
                }
            };
        }

        @Override
        public DnsCacheEntry cache(
                String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop asked) {
            leastSeconds.accumulateAndGet(originalTtl, Math::min);
            return new Entry(address, null);
        }

        @Override
        public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop asked) {
            return new Entry(null, cause);
        }

        @Override
        public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
            return null;
        }

        @Override
        public void clear() {
            // nothing is kept
        }

        @Override
        public boolean clear(String hostname) {
            return false;
        }

        private record Entry(
                @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
    }
}
