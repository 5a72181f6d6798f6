using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Stratum.Protocol;

namespace Stratum.Rpc;

/// <summary>
/// Answers JSON-RPC 2.0 and its older forms: the bytes of a message in, the bytes of the answer out. It asks for a
/// password where there is one, runs the procedures that were exposed, and never throws for what a caller sent.
/// </summary>
public sealed partial class RpcDispatcher
{
    /// <summary>How deep a message may be nested.</summary>
    public const int MaxDepth = Message.MaxDepth;

    private readonly JsonMethods<RpcCall> _methods = new();
    private readonly RpcDispatcherOptions _options;
    private readonly PasswordGate _passwords;
    private readonly ILogger _logger;

    /// <summary>Answers nothing yet but -32601.</summary>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public RpcDispatcher(RpcDispatcherOptions? options = null)
    {
        _options = options ?? new RpcDispatcherOptions();
        _options.Validate();
        _logger = GuardedLogger.Create(_options.LoggerFactory, "Stratum.Rpc.RpcDispatcher");
        _passwords = new PasswordGate(_options, _logger);
    }

    /// <summary>Stands around every call; null when nothing does.</summary>
    public RpcFilter? Filter { get; set; }

    /// <summary>The methods that are answered.</summary>
    public IReadOnlyList<string> Names => _methods.Names;

    /// <summary>Whether callers must give a password.</summary>
    public bool WantsPassword => !_passwords.IsOpen;

    /// <summary>
    /// Answers a method by a function with parameters of any types, by position or by name. It may take an
    /// <see cref="RpcCall"/> first; it returns a value, a <see cref="Task{TResult}"/>, a
    /// <see cref="ValueTask{TResult}"/> or nothing; <see cref="RpcException"/> refuses, any other exception is logged
    /// and answered by -32603 without its text.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    public void Expose(string name, Delegate handler) => _methods.Add(name, handler);

    /// <summary>Answers a method by a function whose whole <c>params</c> is one value, without reflection.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void Expose<TParams, TResult>(
        string name,
        Func<RpcCall, TParams, TResult> handler,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Expose(name, (call, value) => new ValueTask<TResult>(handler(call, value)), parameters, result);
    }

    /// <inheritdoc cref="Expose{TParams, TResult}(string, Func{RpcCall, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(1)]
    public void Expose<TParams, TResult>(
        string name,
        Func<RpcCall, TParams, Task<TResult>> handler,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Expose(name, (call, value) => new ValueTask<TResult>(handler(call, value)), parameters, result);
    }

    /// <inheritdoc cref="Expose{TParams, TResult}(string, Func{RpcCall, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(2)]
    public void Expose<TParams, TResult>(
        string name,
        Func<RpcCall, TParams, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result) => _methods.Add(name, handler, parameters, result);

    /// <summary>Answers a method by a function that reads <see cref="RpcCall.Params"/> itself and gives its result as
    /// JSON.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void ExposeRaw(string name, Func<RpcCall, ValueTask<ReadOnlyMemory<byte>>> handler) =>
        _methods.AddRaw(name, handler);

    /// <summary>Looks at an HTTP header <c>Authorization</c>: with a right one no parameter is taken for a password.
    /// </summary>
    /// <param name="peer">Who sent it.</param>
    /// <param name="authorization">Its value: Basic with any user, or Bearer with the password.</param>
    /// <param name="cancelled">Nobody waits any more.</param>
    /// <returns>The peer, admitted.</returns>
    /// <exception cref="RpcException">It is wrong (after a delay), or not looked at for a while.</exception>
    public async ValueTask<RpcPeer> AdmitAsync(RpcPeer peer, string authorization, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(authorization);
        if (!_passwords.IsOpen)
        {
            byte[] password = AuthorizationHeader.ReadPassword(authorization) ?? throw PasswordGate.Missing();
            await _passwords.CheckAsync(password, peer.RemoteEndPoint?.Address, cancelled).ConfigureAwait(false);
        }

        return peer with { IsAdmitted = true };
    }
}
