using System.Buffers.Binary;

namespace AiStackDeployer.StackGate.Front;

/// <summary>Reads along with the frames that a browser sends on a WebSocket (RFC 6455, uncompressed), and tells when somebody types.</summary>
/// <param name="isTyping">Judges a message by its first byte.</param>
internal sealed class TypedMessages(Func<byte, bool> isTyping, Action typed)
{
    private const int LongestHeader = 14;
    private const byte Text = 1;
    private const byte Binary = 2;

    private readonly byte[] _header = new byte[LongestHeader];
    private int _headerLength;
    private ulong _payload;
    private bool _isFirst;

    /// <summary>ttyd: '0' is input, others are sizes and pauses.</summary>
    public static Func<byte, bool> OfTerminal { get; } = first => first == (byte)'0';

    /// <summary>OpenCode's own terminal sends what is typed, and nothing else.</summary>
    public static Func<byte, bool> Any { get; } = _ => true;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payload == 0)
            {
                _header[_headerLength++] = bytes[0];
                bytes = bytes[1..];
                if (_headerLength >= 2 && _headerLength == HeaderSize)
                {
                    (_payload, _isFirst, _headerLength) = (PayloadSize, true, 0);
                }
                continue;
            }
            if (_isFirst && (_header[0] & 0x0f) is Text or Binary && isTyping((byte)(bytes[0] ^ Mask)))
            {
                typed();
            }
            _isFirst = false;
            var read = (int)Math.Min(_payload, (ulong)bytes.Length);
            _payload -= (ulong)read;
            bytes = bytes[read..];
        }
    }

    private bool IsMasked => (_header[1] & 0x80) != 0;

    private int LengthSize => (_header[1] & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 };

    private int HeaderSize => 2 + LengthSize + (IsMasked ? 4 : 0);

    private byte Mask => IsMasked ? _header[2 + LengthSize] : (byte)0;

    private ulong PayloadSize => LengthSize switch
    {
        2 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        8 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
        _ => (ulong)(_header[1] & 0x7f),
    };
}
