"""The house's own lines in the reader's language. Screens word them by code; this is for what is read without a screen."""

from collections.abc import Mapping
from typing import Final

from chalicelib.protocol.values import SystemLine
from chalicelib.sessions.model import ENGLISH

CHINESE: Final[Mapping[str, str]] = {
    "assigned": "{agent} 加入了会话。",
    "ended_by_agent": "{agent} 结束了会话。",
    "ended_by_customer": "客户结束了会话。",
    "abandoned": "客户离开了排队。",
    "filed": "已归档为：{label_zh}。",
    "requeued": "会话已重新排队。",
    "held": "会话已挂起。",
    "resumed": "会话继续。",
    "reopened": "客户再次留言。",
    "idle_warned": "请问您还在吗？如果没有新的消息，会话即将结束。",
    "still_here": "客户仍在线。",
    "ended_idle": "长时间没有新的消息，会话已结束。",
    "queue_timeout": "暂时无人接待，会话已离开排队。",
    "edited": "已修改：{what}。",
    "rated": "评分 {score}/5。",
    "rating_asked": "已邀请客户评价。",
    "wrap_up_extended": "小结时间已延长。",
    "wrap_up_passed": "未在时限内完成小结。",
    "left_message": "客户留下了一条留言。",
    "left_taken": "{agent} 负责处理此留言。",
    "answered_by_email": "已通过电子邮件答复。",
    "answered_by_call": "已通过电话答复。",
    "answered_by_next_visit": "已答复，客户下次来访时可见。",
    "ended_merged": "会话已结束，将在另一会话中继续。",
    "customer_became": "此会话现归 {customer} 所有。",
    "mail_refused": "电子邮件未能送达。",
    "offered": "已分配给 {agent}，等待接受。",
    "offer_declined": "{agent} 已拒绝。",
    "offer_expired": "{agent} 未在时限内响应。",
    "reply_missed": "{agent} 未在时限内回复，会话转给下一位。",
    "transfer_offered": "{by} 请求转接给 {agent}。",
    "transfer_declined": "{agent} 拒绝了转接。",
    "transfer_expired": "{agent} 未在时限内响应转接。",
    "transfer_cancelled": "已取消转接给 {agent}。",
    "transferred": "{by} 已将会话转接给 {agent}。",
    "transferred_to_queue": "{by} 已将会话转接到 {queue}。",
    "pulled_back": "{agent} 继续为您服务。",
    "overflowed": "会话已转入 {queue} 排队。",
    "queue_full": "当前排队人数过多，会话未能加入排队。",
}


def in_words(line: SystemLine, language: str, otherwise: str | None = None) -> str:
    """`otherwise`: as it was stored in English, for a code that a later release wrote."""
    wording = (CHINESE if language == "zh-CN" else ENGLISH).get(line.code)
    about = {**line.about, "label_zh": line.about.get("label_zh", line.about.get("label", ""))}
    return wording.format(**about) if wording else otherwise or ""
